package dev.pipelinejob.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How often jobs are looked at, how long that takes, and how often it fails.
public final class ReconcileMeters implements Metrics {
    private final MeterRegistry registry;
    private final Timer duration;

    public ReconcileMeters(MeterRegistry registry) {
        this.registry = registry;
        this.duration = Timer.builder("pipelinejob.reconcile")
                .description("Time of one look at a job")
                .register(registry);
    }

    @Override
    public void reconciliationFailed(
            HasMetadata resource, @Nullable RetryInfo retry, Exception failure, Map<String, Object> metadata) {
        registry.counter(
                        "pipelinejob.reconcile.failures",
                        "exception",
                        failure.getClass().getSimpleName())
                .increment();
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        Timer.Sample sample = Timer.start(registry);
        try {
            return execution.execute();
        } finally {
            sample.stop(duration);
        }
    }
}
