package dev.pipelinejob.operator.drive;

import dev.pipelinejob.operator.lifecycle.Inventory;
import dev.pipelinejob.protocol.control.Committed;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.control.WorkerMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// How far the training is, gathered from all workers' reports: steps, losses, step times, what is in the store.
public final class Training {
    private static final int STEP_TIMES = 32;
    private static final int MAX_STEPS_LISTED = 64;

    private final Deque<Long> stepMicros = new ArrayDeque<>();
    private final EdgeTraffic traffic = new EdgeTraffic();
    private long measuredSteps;
    private long measuredMicros;
    private int attempt;
    private int step;
    private int reachedStep;
    private OptionalDouble loss = OptionalDouble.empty();
    private @Nullable Inventory inventory;

    /// @param reachedStep the last step that an earlier driver saw a loss of
    public Training(int reachedStep) {
        this.reachedStep = reachedStep;
    }

    public void take(WorkerMessage message) {
        if (message.hasProgress()) {
            progressed(message.getProgress());
        } else if (message.hasCommitted()) {
            committed(message.getCommitted());
        } else if (message.hasInventory()) {
            listed(message.getInventory());
        } else if (message.hasHello() && message.getHello().hasInventory()) {
            listed(message.getHello().getInventory());
        }
    }

    private void progressed(Progress progress) {
        traffic.take(progress);
        if (progress.getAttempt() < attempt) {
            return;
        }
        if (progress.getAttempt() > attempt) {
            attempt = progress.getAttempt();
            step = 0;
            stepMicros.clear();
        }
        step = Math.max(step, progress.getStep());
        reachedStep = Math.max(reachedStep, step);
        if (progress.hasLoss()) {
            loss = OptionalDouble.of(progress.getLoss());
            measuredSteps++;
            measuredMicros += progress.getStepMicros();
            stepMicros.addLast(progress.getStepMicros());
            if (stepMicros.size() > STEP_TIMES) {
                stepMicros.removeFirst();
            }
        }
    }

    /// A worker looked into the store. Steps that were reported committed since then, newer than all it saw, stay.
    void listed(dev.pipelinejob.protocol.control.Inventory seen) {
        List<Integer> steps = new ArrayList<>(seen.getCommittedStepsList());
        int newest = steps.stream().mapToInt(Integer::intValue).max().orElse(0);
        Inventory known = inventory;
        if (known != null) {
            known.committedSteps().stream().filter(other -> other > newest).forEach(steps::add);
        }
        int finalStep = known == null ? seen.getFinalStep() : Math.max(known.finalStep(), seen.getFinalStep());
        inventory = new Inventory(steps, finalStep, seen.getDataDigest(), seen.getNumericsFingerprint());
    }

    private void committed(Committed commit) {
        Inventory known = inventory == null ? Inventory.EMPTY : inventory;
        List<Integer> steps = new ArrayList<>(known.committedSteps());
        steps.addFirst(commit.getStep());
        inventory = new Inventory(
                steps.stream().distinct().limit(MAX_STEPS_LISTED).toList(),
                commit.getFinal() ? commit.getStep() : known.finalStep(),
                known.dataDigest(),
                known.numericsFingerprint());
    }

    /// What is in the store, or null while no worker has looked.
    public @Nullable Inventory inventory() {
        return inventory;
    }

    /// The newest attempt that a step is known of; 0 before the first.
    int attempt() {
        return attempt;
    }

    /// The last completed step of the newest attempt.
    public int step() {
        return step;
    }

    public EdgeTraffic traffic() {
        return traffic;
    }

    public int reachedStep() {
        return reachedStep;
    }

    public OptionalDouble loss() {
        return loss;
    }

    /// Mean of all steps' times that this driver heard of, those included that were lost later.
    OptionalDouble meanStepMicros() {
        return measuredSteps == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) measuredMicros / measuredSteps);
    }

    /// Median of the last steps' times.
    public OptionalLong measuredStepMicros() {
        return stepMicros.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(stepMicros.stream().sorted().toList().get(stepMicros.size() / 2));
    }
}
