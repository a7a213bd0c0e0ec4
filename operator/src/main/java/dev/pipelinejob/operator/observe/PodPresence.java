package dev.pipelinejob.operator.observe;

import dev.pipelinejob.api.WorkerLabels;
import dev.pipelinejob.api.WorkerPodNames;
import dev.pipelinejob.operator.lifecycle.Drain;
import dev.pipelinejob.operator.lifecycle.Presence;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A slot's pod as the lifecycle sees it.
public final class PodPresence {
    private static final String DISRUPTED = "DisruptionTarget";
    /// What a container waits for that will not come by itself.
    private static final Set<String> STUCK = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "ErrImageNeverPull",
            "InvalidImageName",
            "CreateContainerConfigError",
            "CreateContainerError");
    private static final int SIGNAL_BASE = 128;
    private static final int LAST_SIGNAL = 64;
    private static final int UNKNOWN_EXIT = -1;
    /// Of a slot's or an incarnation's number.
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

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
        return NUMBER.matcher(value).matches() ? Integer.parseInt(value) : -1;
    }

    /// How present the pod's worker is. A pod that is being deleted is there until its container has ended.
    public static Presence of(Pod pod) {
        int incarnation = incarnation(pod);
        String node = PodFacts.node(pod.getSpec());
        PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        String phase = Objects.requireNonNullElse(status.getPhase(), "Pending");
        Instant created = time(pod.getMetadata().getCreationTimestamp(), Instant.EPOCH);
        Optional<ContainerStatus> worker = status.getContainerStatuses().stream()
                .filter(container -> WorkerPodNames.CONTAINER.equals(container.getName()))
                .findFirst();
        Optional<ContainerStateTerminated> ended =
                worker.map(ContainerStatus::getState).flatMap(state -> Optional.ofNullable(state.getTerminated()));
        if (phase.equals("Failed") || phase.equals("Succeeded") || ended.isPresent()) {
            return gone(pod, status, ended);
        }
        return worker.map(ContainerStatus::getState)
                .flatMap(state -> Optional.ofNullable(state.getRunning()))
                .<Presence>map(running ->
                        new Presence.Up(incarnation, time(running.getStartedAt(), created), node, leaving(pod)))
                .orElseGet(() -> new Presence.Starting(incarnation, created, node, blocked(status, worker, created)));
    }

    private static @Nullable Drain leaving(Pod pod) {
        String deletion = pod.getMetadata().getDeletionTimestamp();
        if (deletion == null) {
            return null;
        }
        Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
        Instant asked = Instant.parse(deletion).minusSeconds(grace == null ? 0 : grace);
        Optional<PodCondition> disruption = disruption(Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new));
        return new Drain(
                asked,
                disruption.isEmpty()
                        ? "its pod is being deleted"
                        : "its pod is being taken away (" + disruption.get().getReason() + ")");
    }

    private static Presence.@Nullable Blocked blocked(
            PodStatus status, Optional<ContainerStatus> worker, Instant created) {
        ContainerStateWaiting waiting = worker.map(ContainerStatus::getState)
                .map(ContainerState::getWaiting)
                .orElse(null);
        if (waiting != null && waiting.getReason() != null && STUCK.contains(waiting.getReason())) {
            return new Presence.Blocked(
                    created,
                    waiting.getReason(),
                    Objects.requireNonNullElse(waiting.getMessage(), ""),
                    Presence.Blocked.Kind.OTHER);
        }
        return status.getConditions().stream()
                .filter(each -> "PodScheduled".equals(each.getType())
                        && "False".equals(each.getStatus())
                        && "Unschedulable".equals(each.getReason()))
                .findFirst()
                .map(each -> unschedulable(
                        time(each.getLastTransitionTime(), created), Objects.requireNonNullElse(each.getMessage(), "")))
                .orElse(null);
    }

    /// The scheduler looks at every node; of ours it says that too little is left of something, or names what lasts.
    private static Presence.Blocked unschedulable(Instant since, String message) {
        return new Presence.Blocked(
                since,
                "Unschedulable",
                message,
                message.contains("Insufficient") || message.contains("Too many pods")
                        ? Presence.Blocked.Kind.NO_ROOM
                        : Presence.Blocked.Kind.UNSUITABLE_NODE);
    }

    /// What to make of a pod that is no longer listed at all: somebody else removed it.
    public static Presence deleted(int incarnation, String node) {
        return new Presence.Gone(incarnation, UNKNOWN_EXIT, 0, "its pod was deleted", true, node, List.of(), "");
    }

    /// Whether the infrastructure takes or took the pod away, by the pod's own condition.
    public static boolean isDisrupted(Pod pod) {
        return pod.getStatus() != null && disruption(pod.getStatus()).isPresent();
    }

    private static Presence gone(Pod pod, PodStatus status, Optional<ContainerStateTerminated> ended) {
        int exitCode = ended.map(ContainerStateTerminated::getExitCode).orElse(UNKNOWN_EXIT);
        int signal = exitCode > SIGNAL_BASE && exitCode <= SIGNAL_BASE + LAST_SIGNAL ? exitCode - SIGNAL_BASE : 0;
        Optional<PodCondition> disruption = disruption(status);
        boolean taken = disruption.isPresent() || pod.getMetadata().getDeletionTimestamp() != null;
        return new Presence.Gone(
                incarnation(pod),
                exitCode,
                signal,
                reason(status, ended, exitCode, disruption),
                taken,
                PodFacts.node(pod.getSpec()),
                status.getConditions().stream()
                        .map(each -> new Presence.PodCondition(
                                each.getType(), each.getStatus(), Objects.requireNonNullElse(each.getReason(), "")))
                        .toList(),
                lastWords(ended));
    }

    private static String lastWords(Optional<ContainerStateTerminated> ended) {
        return ended.map(ContainerStateTerminated::getMessage).orElse("").strip();
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
            return "its pod was taken away (" + disruption.get().getReason() + "): "
                    + Objects.requireNonNullElse(disruption.get().getMessage(), "no message");
        }
        if (status.getReason() != null && !status.getReason().isEmpty()) {
            return "its pod failed (" + status.getReason() + "): "
                    + Objects.requireNonNullElse(status.getMessage(), "no message");
        }
        String word = ended.map(ContainerStateTerminated::getReason).orElse("");
        if (word.equals(Presence.Gone.OUT_OF_MEMORY)) {
            return word;
        }
        String last = lastWords(ended);
        String how = "its container ended with exit code " + exitCode;
        // A sentence was left on purpose; lines are the end of the log, which stands elsewhere.
        return last.isEmpty() || last.contains("\n") ? how : how + ". It said: " + last;
    }

    private static Instant time(String text, Instant otherwise) {
        return text == null || text.isEmpty() ? otherwise : Instant.parse(text);
    }
}
