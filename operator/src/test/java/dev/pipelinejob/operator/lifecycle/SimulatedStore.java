package dev.pipelinejob.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The checkpoint store by the rules of the real one, and a check of what must hold of it whatever happens.
final class SimulatedStore {
    private static final int KEEP_LAST = 2;

    /// The attempt that committed a step.
    private final NavigableMap<Integer, Integer> committed = new TreeMap<>();
    final Set<Integer> damaged = new TreeSet<>();
    private int newestBegun;
    private int finalStep;

    /// A worker prepares an attempt: from now on older ones may neither commit nor remove anything.
    void begin(ClaimedAttempt attempt) {
        if (attempt.number() > newestBegun) {
            assertThat(attempt.resumeStep() == 0 || committed.containsKey(attempt.resumeStep()))
                    .as("the resume point of attempt %d, step %d, was committed and is still there"
                            .formatted(attempt.number(), attempt.resumeStep()))
                    .isTrue();
            newestBegun = attempt.number();
            // What could not be resumed from is set aside.
            damaged.stream().filter(step -> step > attempt.resumeStep()).forEach(committed::remove);
            damaged.removeIf(step -> step > attempt.resumeStep());
        }
    }

    /// Whether the step is a checkpoint afterwards.
    boolean commit(ClaimedAttempt attempt, int step, boolean last) {
        if (attempt.number() < newestBegun) {
            return false;
        }
        committed.putIfAbsent(step, attempt.number());
        if (last) {
            finalStep = step;
        }
        List<Integer> steps = new ArrayList<>(committed.keySet());
        for (int i = 0; i < steps.size() - KEEP_LAST; i++) {
            committed.remove(steps.get(i));
        }
        return true;
    }

    boolean isDamaged(int step) {
        return damaged.contains(step);
    }

    void damageNewest() {
        if (!committed.isEmpty() && finalStep == 0) {
            damaged.add(committed.lastKey());
        }
    }

    int finalStep() {
        return finalStep;
    }

    Inventory inventory() {
        return new Inventory(List.copyOf(committed.keySet()), finalStep, committed.isEmpty() ? "" : "data", "");
    }
}
