package dev.pipelinejob.operator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.JobState;
import dev.pipelinejob.operator.reconcile.ReconcileMeters;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.monitoring.Metrics.ControllerExecution;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Figures of jobs, and the dashboard that shows them.
class JobMetersTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final Path DASHBOARD = Path.of("../helm/pipelinejob/dashboards/pipelinejob.json");
    private static final Pattern FIGURE = Pattern.compile("pipelinejob_[a-z_]+");
    private static final Pattern PART = Pattern.compile("_(sum|count|max|total)$");

    private static final String RUNNING = """
            state: Running
            attempt: 1
            progress: {step: 30, measuredStepMicros: 2000000, goodputPercent: "90.0"}
            placement: {predictedStepMicros: 1000000, gapPercent: "2.5", solveMillis: 40}
            checkpoint: {lastStep: 20}
            """;
    private static final String RESTARTED_TWICE = """
            state: Running
            attempt: 3
            progress: {step: 50, measuredStepMicros: 4000000, goodputPercent: "70.0"}
            placement: {predictedStepMicros: 2000000, gapPercent: "0.0", solveMillis: 60}
            checkpoint: {lastStep: 40}
            restartHistory:
            - {attempt: 3, reason: NodeLost, detectedAt: "2026-11-21T12:01:00Z", firstStepAt: "2026-11-21T12:01:10Z"}
            - {attempt: 2, reason: EngineExited, detectedAt: "2026-11-21T12:00:00Z", lostSteps: 7,
               firstStepAt: "2026-11-21T12:00:02Z", regainedAt: "2026-11-21T12:00:04Z"}
            """;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JobMeters meters = new JobMeters(registry);

    private static PipelineJobStatus status(String yaml) {
        return YAML.unmarshal(yaml, PipelineJobStatus.class);
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    @Test
    void whatWasBeforeThisOperatorIsNotCountedAgain() {
        meters.note("job", status(RESTARTED_TWICE));

        assertThat(registry.find("pipelinejob.restarts").counters()).isEmpty();
        assertThat(registry.get("pipelinejob.checkpoints").counter().count()).isZero();
    }

    @Test
    void twoRestartsAtOnceAreBothCountedAndOnlyOnce() {
        meters.note("job", status(RUNNING));

        meters.note("job", status(RESTARTED_TWICE));
        meters.note("job", status(RESTARTED_TWICE));

        assertThat(registry.get("pipelinejob.restarts")
                        .tag("reason", "NodeLost")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("pipelinejob.restarts")
                        .tag("reason", "EngineExited")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("pipelinejob.recovery").timer().count()).isEqualTo(2);
        assertThat(registry.get("pipelinejob.regain").timer().count()).isEqualTo(1);
        assertThat(registry.get("pipelinejob.lost.steps").summary().totalAmount())
                .isEqualTo(7);
        assertThat(registry.get("pipelinejob.checkpoints").counter().count()).isEqualTo(1);
    }

    @Test
    void meansAreOfTheJobsThatRun() {
        assertThat(gauge("pipelinejob.goodput.percent")).isNaN();
        meters.note("one", status(RUNNING));
        meters.note("two", status(RESTARTED_TWICE));
        meters.note("over", status(RUNNING.replace("Running", "Complete")));

        assertThat(gauge("pipelinejob.goodput.percent")).isEqualTo(80);
        assertThat(gauge("pipelinejob.step.measured.seconds")).isEqualTo(3);
        assertThat(gauge("pipelinejob.step.predicted.seconds")).isEqualTo(1.5);
        assertThat(gauge("pipelinejob.step.measured.to.predicted")).isEqualTo(2);
        assertThat(registry.get("pipelinejob.jobs")
                        .tag("state", JobState.RUNNING.name().toLowerCase(Locale.ROOT))
                        .gauge()
                        .value())
                .isEqualTo(2);

        meters.forget("two");
        assertThat(gauge("pipelinejob.goodput.percent")).isEqualTo(90);
    }

    @Test
    void theDashboardShowsEveryFigureAndNoOther() throws Exception {
        meters.note("job", status(RUNNING));
        meters.note("job", status(RESTARTED_TWICE));
        ReconcileMeters looks = new ReconcileMeters(registry);
        assertThat(looks.timeControllerExecution(new Look())).isEqualTo("looked");
        looks.reconciliationFailed(new Pod(), null, new IOException("once"), Map.of());

        assertThat(figures(Files.readString(DASHBOARD))).isEqualTo(figures(registry.scrape()));
    }

    private static Set<String> figures(String text) {
        Set<String> figures = new TreeSet<>();
        Matcher each = FIGURE.matcher(text);
        while (each.find()) {
            figures.add(PART.matcher(each.group()).replaceFirst(""));
        }
        return figures;
    }

    private static final class Look implements ControllerExecution<String> {
        @Override
        public String name() {
            return "look";
        }

        @Override
        public String controllerName() {
            return "pipelinejob";
        }

        @Override
        public String successTypeName(String result) {
            return "success";
        }

        @Override
        public ResourceID resourceID() {
            return new ResourceID("job", "default");
        }

        @Override
        public Map<String, Object> metadata() {
            return Map.of();
        }

        @Override
        public String execute() {
            return "looked";
        }
    }
}
