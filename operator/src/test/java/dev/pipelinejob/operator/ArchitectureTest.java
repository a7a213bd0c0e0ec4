package dev.pipelinejob.operator;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.pipelinejob.house.HouseRules;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The layer table of this module, as docs/architecture.md draws it.
class ArchitectureTest {
    private static final String ROOT = "dev.pipelinejob.operator";
    private static final Map<String, List<String>> LAYERS = Map.ofEntries(
            Map.entry("", List.of("*")),
            Map.entry("cli", List.of("*")),
            Map.entry("lifecycle", List.of()),
            Map.entry("config", List.of()),
            Map.entry("admission", List.of("config")),
            Map.entry("identity", List.of("config")),
            Map.entry("telemetry", List.of("config")),
            Map.entry("planning", List.of("lifecycle", "config")),
            Map.entry("monitor", List.of("lifecycle", "identity", "config", "telemetry")),
            Map.entry("workers", List.of("lifecycle", "planning")),
            Map.entry("observe", List.of("lifecycle", "planning")),
            Map.entry("status", List.of("lifecycle", "planning")),
            Map.entry("drive", List.of("lifecycle", "planning", "monitor", "identity", "status", "config")),
            Map.entry("apply", List.of("drive", "observe", "workers", "lifecycle", "planning", "identity", "config")),
            Map.entry(
                    "reconcile",
                    List.of(
                            "apply",
                            "drive",
                            "observe",
                            "workers",
                            "lifecycle",
                            "planning",
                            "monitor",
                            "status",
                            "telemetry",
                            "config")),
            Map.entry("controller", List.of("*")),
            Map.entry(
                    "local",
                    List.of(
                            "drive",
                            "lifecycle",
                            "planning",
                            "monitor",
                            "identity",
                            "status",
                            "admission",
                            "config",
                            "telemetry")));
    private static final List<String> ELSEWHERE =
            List.of("dev.pipelinejob.api..", "dev.pipelinejob.protocol..", "dev.pipelinejob.placement..");
    private static final String[] WIRING = {"dev.pipelinejob.operator", "dev.pipelinejob.operator.cli.."};

    private final JavaClasses classes = HouseRules.productionClasses(ROOT);

    @Test
    void importsGoOneWay() {
        HouseRules.layers(ROOT, LAYERS, ELSEWHERE).forEach(rule -> rule.check(classes));
        HouseRules.requireEveryPackageListed(classes, ROOT, LAYERS);
    }

    @Test
    void packagesFormNoCycle() {
        HouseRules.noCycles(ROOT).check(classes);
    }

    @Test
    void namesAreHonest() {
        HouseRules.honestNames().check(classes);
    }

    @Test
    void clockAndEnvironmentComeThroughConstructors() {
        HouseRules.clockAndEnvironmentComeThroughConstructors(WIRING).check(classes);
    }
}
