package dev.pipelinejob.operator.cli;

import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.PlacementStatus;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.ProgressStatus;
import dev.pipelinejob.operator.drive.Recovery;
import dev.pipelinejob.operator.local.LocalStatus;
import dev.pipelinejob.operator.local.RunListener;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A run as a person sees it: a bar on a terminal, plain lines elsewhere.
final class ProgressDisplay implements RunListener, AutoCloseable {
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);
    private static final int BAR_UPDATE_MILLIS = 250;
    private static final double MICROS_A_SECOND = 1e6;

    private final PrintWriter out;
    private final @Nullable ProgressBar bar;
    private long lineAtNanos;
    private String lastMessage = "";
    private int lastStep = -1;

    private ProgressDisplay(PrintWriter out, @Nullable ProgressBar bar) {
        this.out = out;
        this.bar = bar;
        this.lineAtNanos = System.nanoTime() - LINE_EVERY.toNanos();
    }

    static ProgressDisplay on(PrintWriter out, int totalSteps) {
        ProgressBar bar = Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isEmpty()
                ? null
                : new ProgressBarBuilder()
                        .setTaskName("step")
                        .setInitialMax(totalSteps)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(BAR_UPDATE_MILLIS)
                        .build();
        return new ProgressDisplay(out, bar);
    }

    @Override
    public void changed(LocalStatus local) {
        PipelineJobStatus status = local.status();
        ProgressStatus progress = status.progress();
        int step = progress == null || progress.step() == null ? 0 : progress.step();
        if (bar != null) {
            bar.stepTo(step);
            bar.setExtraMessage(" " + figures(status));
            return;
        }
        boolean training = status.state() == PipelineJobStatus.JobState.RUNNING;
        boolean due = System.nanoTime() - lineAtNanos >= LINE_EVERY.toNanos() && step != lastStep;
        if (training ? due : !local.message().equals(lastMessage)) {
            lineAtNanos = System.nanoTime();
            lastStep = step;
            line(training ? "step " + step + total(progress) + " " + figures(status) : local.message());
        }
        lastMessage = local.message();
    }

    private static String total(@Nullable ProgressStatus progress) {
        return progress == null || progress.totalSteps() == null ? "" : "/" + progress.totalSteps();
    }

    private static String figures(PipelineJobStatus status) {
        ProgressStatus progress = status.progress();
        PlacementStatus placement = status.placement();
        StringBuilder text = new StringBuilder();
        if (progress != null && progress.loss() != null) {
            text.append(String.format(Locale.ROOT, "loss %.4f", Double.parseDouble(progress.loss())));
        }
        if (progress != null && progress.measuredStepMicros() != null) {
            text.append(String.format(Locale.ROOT, "  %.3f s/step", progress.measuredStepMicros() / MICROS_A_SECOND));
        }
        if (placement != null && placement.predictedStepMicros() != null && placement.costSource() != null) {
            text.append(String.format(
                    Locale.ROOT,
                    " (predicted %.3f, %s)",
                    placement.predictedStepMicros() / MICROS_A_SECOND,
                    placement.costSource().name().toLowerCase(Locale.ROOT)));
        }
        if (progress != null && progress.remainingSeconds() != null) {
            text.append("  ETA ")
                    .append(Duration.ofSeconds(progress.remainingSeconds())
                            .toString()
                            .substring(2)
                            .toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }

    @Override
    public void recovered(Recovery recovery) {
        Instant first = recovery.firstStepAt();
        if (first == null) {
            return;
        }
        line(String.format(
                Locale.ROOT,
                "Attempt %d: seen -> next step %.2f s (engines %.2f, claim %.2f, load %.2f, first step %.2f)",
                recovery.attempt(),
                seconds(recovery.detectedAt(), first),
                seconds(recovery.detectedAt(), recovery.enginesUpAt()),
                seconds(recovery.enginesUpAt(), recovery.claimedAt()),
                seconds(recovery.claimedAt(), recovery.readyAt()),
                seconds(recovery.readyAt(), first)));
    }

    private static double seconds(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null
                ? 0
                : Math.max(0, Duration.between(from, to).toNanos() / 1e9);
    }

    @Override
    public void note(String sentence) {
        line(sentence);
    }

    private void line(String text) {
        if (bar != null) {
            out.print("\r\u001b[K");
        }
        out.println(text);
        out.flush();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
