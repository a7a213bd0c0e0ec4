package dev.pipelinejob.worker.telemetry;

import dev.pipelinejob.protocol.control.StageCost;
import dev.pipelinejob.worker.schedule.Operation;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Means of what each stage's computation took, for the next plan. Waiting for peers is no cost of a stage.
public final class StageCosts {
    private final List<Integer> stages;
    private final SortedMap<Integer, Sums> sums = new TreeMap<>();
    private int steps;

    private static final class Sums {
        private long forwardNanos;
        private long backwardNanos;
        private long tailNanos;
        private int forwards;
        private int backwards;
    }

    /// Measures these stages.
    public StageCosts(List<Integer> stages) {
        this.stages = List.copyOf(stages);
    }

    /// Adds one step.
    public void add(StepTimings step) {
        List<Operation> operations = step.operations();
        for (int i = 0; i < operations.size(); i++) {
            add(operations.get(i), step.workNanos(i));
        }
        steps++;
    }

    private void add(Operation operation, long nanos) {
        switch (operation.kind()) {
            case FORWARD -> {
                Sums stage = of(operation.stage());
                stage.forwardNanos += nanos;
                stage.forwards++;
            }
            case BACKWARD -> {
                Sums stage = of(operation.stage());
                stage.backwardNanos += nanos;
                stage.backwards++;
            }
            case GRADIENT_STATISTICS, CLIP, OPTIMIZER_STEP -> {
                if (operation.stage() == Operation.NONE) {
                    stages.forEach(stage -> of(stage).tailNanos += nanos / stages.size());
                } else {
                    of(operation.stage()).tailNanos += nanos;
                }
            }
            default -> {
                // Moves data or writes: predicted from the topology, not from the stage.
            }
        }
    }

    private Sums of(int stage) {
        return sums.computeIfAbsent(stage, _ -> new Sums());
    }

    /// The means since the last call.
    public List<StageCost> drain() {
        List<StageCost> means = sums.entrySet().stream()
                .map(stage -> StageCost.newBuilder()
                        .setStage(stage.getKey())
                        .setForwardMicros(mean(stage.getValue().forwardNanos, stage.getValue().forwards))
                        .setBackwardMicros(mean(stage.getValue().backwardNanos, stage.getValue().backwards))
                        .setStepMicros(mean(stage.getValue().tailNanos, steps))
                        .build())
                .toList();
        sums.clear();
        steps = 0;
        return means;
    }

    private static long mean(long nanos, int times) {
        return times == 0 ? 0 : nanos / times / 1000;
    }
}
