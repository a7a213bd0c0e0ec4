package dev.pipelinejob.operator.status;

import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.Condition;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus.ConditionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The conditions of one status, made from those of the last one: a condition keeps its transition time while its
/// status stays.
final class ConditionList {
    private static final int MAX_MESSAGE = 4096;

    private final List<Condition> before;
    private final long generation;
    private final Instant now;
    private final List<Condition> after = new ArrayList<>();

    /// @param before those of the last status; empty for the first
    /// @param generation of the spec that was observed
    ConditionList(List<Condition> before, long generation, Instant now) {
        this.before = before;
        this.generation = generation;
        this.now = now;
    }

    void put(String type, boolean holds, String reason, @Nullable String message) {
        ConditionStatus status = holds ? ConditionStatus.TRUE : ConditionStatus.FALSE;
        Condition old = old(type);
        Instant since = old != null && old.status() == status ? old.lastTransitionTime() : now;
        String text = message == null || message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
        after.add(new Condition(type, status, reason, text, generation, since));
    }

    /// Takes a condition over as it was.
    void keep(Condition condition) {
        after.add(condition);
    }

    /// The condition of the last status; null when it had none of the type.
    @Nullable
    Condition old(String type) {
        return before.stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElse(null);
    }

    List<Condition> all() {
        return List.copyOf(after);
    }
}
