package dev.pipelinejob.operator.observe;

import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.api.WorkerPodNames;
import dev.pipelinejob.operator.lifecycle.Presence;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A slot's pod as the lifecycle sees it.
public final class PodPresence {
    private static final String DISRUPTED = "DisruptionTarget";
    private static final int SIGNAL_BASE = 128;
    private static final int LAST_SIGNAL = 64;
    private static final int UNKNOWN_EXIT = -1;

    private PodPresence() {}

    /// Which slot the pod fills; -1 when it is none of ours.
    public static int slot(Pod pod) {
        return number(pod, WorkerLabels.SLOT);
    }

    /// The n-th pod of its slot that it is; -1 when it is none of ours.
    public static int incarnation(Pod pod) {
        return number(pod, WorkerLabels.INCARNATION);
    }

    private static int number(Pod pod, String label) {
        Map<String, String> labels =
                Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
        String value = labels.getOrDefault(label, "");
        return value.matches("\\d{1,9}") ? Integer.parseInt(value) : -1;
    }

    /// How present the pod's worker is. A pod that is being deleted is there until its container has ended.
    public static Presence of(Pod pod) {
        int incarnation = incarnation(pod);
        PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        String phase = Objects.requireNonNullElse(status.getPhase(), "Pending");
        Instant created = time(pod.getMetadata().getCreationTimestamp(), Instant.EPOCH);
        Optional<ContainerStatus> worker = status.getContainerStatuses().stream()
                .filter(container -> WorkerPodNames.CONTAINER.equals(container.getName()))
                .findFirst();
        Optional<ContainerStateTerminated> ended =
                worker.map(ContainerStatus::getState).flatMap(state -> Optional.ofNullable(state.getTerminated()));
        if (phase.equals("Failed") || phase.equals("Succeeded") || ended.isPresent()) {
            return gone(incarnation, status, ended);
        }
        return worker.map(ContainerStatus::getState)
                .flatMap(state -> Optional.ofNullable(state.getRunning()))
                .<Presence>map(running -> new Presence.Up(incarnation, time(running.getStartedAt(), created)))
                .orElseGet(() -> new Presence.Starting(incarnation, created));
    }

    /// What to make of a pod that is no longer listed at all.
    public static Presence deleted(int incarnation, boolean disruption) {
        return new Presence.Gone(incarnation, UNKNOWN_EXIT, 0, "The pod was deleted.", disruption);
    }

    /// Whether the infrastructure takes or took the pod away, by the pod's own condition.
    public static boolean isDisrupted(Pod pod) {
        return pod.getStatus() != null && disruption(pod.getStatus()).isPresent();
    }

    private static Presence gone(int incarnation, PodStatus status, Optional<ContainerStateTerminated> ended) {
        int exitCode = ended.map(ContainerStateTerminated::getExitCode).orElse(UNKNOWN_EXIT);
        int signal = exitCode > SIGNAL_BASE && exitCode <= SIGNAL_BASE + LAST_SIGNAL ? exitCode - SIGNAL_BASE : 0;
        Optional<PodCondition> disruption = disruption(status);
        return new Presence.Gone(
                incarnation, exitCode, signal, reason(status, ended, exitCode, disruption), disruption.isPresent());
    }

    private static Optional<PodCondition> disruption(PodStatus status) {
        return status.getConditions().stream()
                .filter(each -> DISRUPTED.equals(each.getType()) && "True".equals(each.getStatus()))
                .findFirst();
    }

    private static String reason(
            PodStatus status,
            Optional<ContainerStateTerminated> ended,
            int exitCode,
            Optional<PodCondition> disruption) {
        if (disruption.isPresent()) {
            return "The pod was taken away (" + disruption.get().getReason() + "): "
                    + Objects.requireNonNullElse(disruption.get().getMessage(), "no message") + ".";
        }
        if (status.getReason() != null && !status.getReason().isEmpty()) {
            return "The pod failed (" + status.getReason() + "): "
                    + Objects.requireNonNullElse(status.getMessage(), "no message") + ".";
        }
        String word = ended.map(ContainerStateTerminated::getReason).orElse("");
        String last = ended.map(ContainerStateTerminated::getMessage).orElse("");
        String how = word.equals("OOMKilled")
                ? "The container was killed because it used more memory than its limit."
                : "The container ended with exit code " + exitCode + ".";
        return last.isBlank() ? how : how + " It said: " + last.strip();
    }

    private static Instant time(String text, Instant otherwise) {
        return text == null || text.isEmpty() ? otherwise : Instant.parse(text);
    }
}
