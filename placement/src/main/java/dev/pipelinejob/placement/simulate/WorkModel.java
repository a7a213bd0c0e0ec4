package dev.pipelinejob.placement.simulate;

import dev.pipelinejob.placement.cost.StageCosts;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.schedule.Operation;
import dev.pipelinejob.placement.schedule.OperationKind;
import dev.pipelinejob.placement.topology.Topology;
import java.util.List;

/// How long each operation computes, and what it does to the memory of its worker.
final class WorkModel {
    /// Statistics read the gradients; the step reads and writes parameters and moments and reads the gradients.
    private static final double STATISTICS_SHARE_OF_UPDATE = 1.0 / 8;

    private final StageCosts costs;
    private final Plan plan;
    private final double[] relativeSpeed;
    private final double[] updateMicros;
    private final MemoryMeter memory;

    WorkModel(StageCosts costs, Plan plan, Topology topology) {
        this.costs = costs;
        this.plan = plan;
        int workers = plan.slots().size();
        relativeSpeed = new double[workers];
        updateMicros = new double[workers];
        memory = new MemoryMeter(workers);
        for (int rank = 0; rank < workers; rank++) {
            relativeSpeed[rank] = topology.slot(plan.slots().get(rank)).relativeSpeed();
        }
        for (Stage stage : plan.stages()) {
            updateMicros[stage.rank()] += costs.updateMicros(stage.firstLayer(), stage.endLayer());
            memory.take(stage.rank(), costs.staticBytes(stage.firstLayer(), stage.endLayer()));
        }
    }

    /// Takes the memory of an operation and returns its work on the worker's own slot, undisturbed.
    double started(int rank, Operation operation) {
        return switch (operation.kind()) {
            case FORWARD -> {
                Stage stage = plan.stages().get(operation.stage());
                handedOver(rank, stage.index() - 1, stage.firstLayer());
                memory.take(rank, held(stage));
                memory.take(rank, working(stage));
                yield costs.forwardMicros(stage.firstLayer(), stage.endLayer()) / relativeSpeed[rank];
            }
            case BACKWARD -> {
                Stage stage = plan.stages().get(operation.stage());
                handedOver(rank, stage.index() + 1, stage.endLayer());
                memory.take(rank, working(stage));
                yield costs.backwardMicros(stage.firstLayer(), stage.endLayer(), plan.rematerialize())
                        / relativeSpeed[rank];
            }
            case GRADIENT_STATISTICS -> STATISTICS_SHARE_OF_UPDATE * updateMicros[rank] / relativeSpeed[rank];
            case OPTIMIZER_STEP -> (1 - STATISTICS_SHARE_OF_UPDATE) * updateMicros[rank] / relativeSpeed[rank];
            default -> 0;
        };
    }

    /// Frees what an operation held only while it ran, and keeps what it leaves.
    void finished(int rank, Operation operation) {
        if (operation.kind() == OperationKind.FORWARD) {
            Stage stage = plan.stages().get(operation.stage());
            memory.free(rank, working(stage));
            handOver(rank, stage.index() + 1, stage.endLayer());
        } else if (operation.kind() == OperationKind.BACKWARD) {
            Stage stage = plan.stages().get(operation.stage());
            memory.free(rank, working(stage));
            memory.free(rank, held(stage));
            handOver(rank, stage.index() - 1, stage.firstLayer());
        }
    }

    /// A result for a stage on the same worker waits in memory as a received one would.
    private void handOver(int rank, int neighbour, int cut) {
        if (isHere(rank, neighbour)) {
            memory.take(rank, costs.graph().cutBytes(cut));
        }
    }

    private void handedOver(int rank, int neighbour, int cut) {
        if (isHere(rank, neighbour)) {
            memory.free(rank, costs.graph().cutBytes(cut));
        }
    }

    private boolean isHere(int rank, int stage) {
        return stage >= 0
                && stage < plan.stages().size()
                && plan.stages().get(stage).rank() == rank;
    }

    void arrived(int rank, OperationKind sendKind, long bytes) {
        if (sendKind == OperationKind.SEND_ACTIVATION || sendKind == OperationKind.SEND_GRADIENT) {
            memory.take(rank, bytes);
        }
    }

    void received(int rank, Operation operation) {
        if (operation.kind() == OperationKind.RECEIVE_ACTIVATION
                || operation.kind() == OperationKind.RECEIVE_GRADIENT) {
            memory.free(rank, operation.bytes());
        }
    }

    List<Long> peakBytes() {
        return memory.peaks();
    }

    private long held(Stage stage) {
        return costs.heldBytes(stage.firstLayer(), stage.endLayer(), plan.rematerialize());
    }

    private long working(Stage stage) {
        return costs.workingBytes(stage.firstLayer(), stage.endLayer(), plan.rematerialize());
    }
}
