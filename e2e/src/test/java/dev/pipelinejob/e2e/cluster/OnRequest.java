package dev.pipelinejob.e2e.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// A case, or a class of them, that only `make cluster-faults` runs, since all together take half an hour.
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
        named = "cluster.faults",
        matches = "true",
        disabledReason = "one of the longer cases: make cluster-faults")
@interface OnRequest {}
