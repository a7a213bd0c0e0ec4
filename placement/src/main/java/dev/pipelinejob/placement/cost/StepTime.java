package dev.pipelinejob.placement.cost;

import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;
import dev.pipelinejob.placement.topology.Topology;

/// The time of one step, told from the plan alone: the longest chain of operations of which each waits for the one
/// before. For pipelines with one stage a worker, each with its own cores and without tied parameters.
///
/// For GPipe that is a formula: micro-batches are equal jobs that pass a row of machines, links being machines, too, so
/// that all forwards take the sum over the row plus (m − 1) times the slowest; all backwards again. For
/// OneForwardOneBackward it is a recurrence over stages and micro-batches. Messages of different stages that want the
/// same uplink or the same port to come in do not wait for each other here, as they do in the simulator.
public final class StepTime {
    /// Statistics read the gradients; the step reads and writes parameters and moments and reads the gradients.
    private static final double STATISTICS_SHARE_OF_UPDATE = 1.0 / 8;

    private final Topology topology;
    private final Plan plan;
    private final int stages;
    private final double[] forward;
    private final double[] backward;
    private final double[] update;
    /// Behind each stage, there and back: how long a message holds the link, and how long it travels.
    private final double[] occupied;

    private final double[] travels;

    private StepTime(ModelGraph graph, Topology topology, Plan plan) {
        this.topology = topology;
        this.plan = plan;
        this.stages = plan.stages().size();
        this.forward = new double[stages];
        this.backward = new double[stages];
        this.update = new double[stages];
        this.occupied = new double[stages];
        this.travels = new double[stages];
        StageCosts costs = new StageCosts(graph);
        for (Stage stage : plan.stages()) {
            int index = stage.index();
            double speed = topology.slot(slot(index)).relativeSpeed();
            forward[index] = costs.forwardMicros(stage.firstLayer(), stage.endLayer()) / speed;
            backward[index] = costs.backwardMicros(stage.firstLayer(), stage.endLayer(), plan.rematerialize()) / speed;
            update[index] = costs.updateMicros(stage.firstLayer(), stage.endLayer()) / speed;
            if (index + 1 < stages) {
                Route route = Route.between(topology, slot(index), slot(index + 1));
                long bytes = graph.cutBytes(stage.endLayer());
                occupied[index] = bytes / route.bytesPerSecond() * 1e6;
                travels[index] = route.transferMicros(bytes);
            }
        }
    }

    /// The step of a legal plan that starts with idle workers.
    ///
    /// @throws IllegalArgumentException when a worker has more than one stage or none
    public static double micros(ModelGraph graph, Topology topology, Plan plan) {
        if (plan.stages().size() != plan.slots().size()) {
            throw new IllegalArgumentException("The plan has " + plan.stages().size() + " stages on "
                    + plan.slots().size() + " workers: the time of a step is told for one stage a worker.");
        }
        StepTime time = new StepTime(graph, topology, plan);
        return time.behind(plan.schedule() == ScheduleKind.GPIPE ? time.allForwardsFirst() : time.inTurn());
    }

    private String slot(int stage) {
        return plan.slots().get(plan.stages().get(stage).rank());
    }

    /// When each stage is done with its last backward.
    private double[] allForwardsFirst() {
        double[] ends = new double[stages];
        double row = 0;
        double slowest = 0;
        for (int stage = 0; stage < stages; stage++) {
            row += forward[stage] + travels[stage];
            slowest = Math.max(slowest, Math.max(forward[stage], occupied[stage]));
        }
        double end = row + (plan.microBatches() - 1) * slowest;
        slowest = 0;
        row = 0;
        for (int stage = stages - 1; stage >= 0; stage--) {
            row += backward[stage] + travels[stage];
            slowest = Math.max(slowest, Math.max(backward[stage], occupied[stage]));
            ends[stage] = end + row + (plan.microBatches() - 1) * slowest;
        }
        return ends;
    }

    /// The same where forwards and backwards take turns.
    private double[] inTurn() {
        Turns turns = new Turns();
        boolean moved = true;
        while (moved) {
            moved = false;
            for (int stage = 0; stage < stages; stage++) {
                while (turns.takeNext(stage)) {
                    moved = true;
                }
            }
        }
        return turns.free;
    }

    /// How far each stage is, and when its inputs arrive.
    private final class Turns {
        private final int microBatches = plan.microBatches();
        private final double[] free = new double[stages];
        private final double[] portFree = new double[stages];
        private final int[] forwards = new int[stages];
        private final int[] backwards = new int[stages];
        private final double[][] activation = new double[stages][microBatches];
        private final double[][] gradient = new double[stages][microBatches];

        /// Runs a stage's next operation, if its input is known; whether it was.
        private boolean takeNext(int stage) {
            int limit = plan.schedule().maxInFlight(microBatches, stages - stage);
            boolean isForward = forwards[stage] < microBatches && forwards[stage] - backwards[stage] < limit;
            int microBatch = isForward ? forwards[stage] : backwards[stage];
            boolean isKnown = isForward
                    ? stage == 0 || forwards[stage - 1] > microBatch
                    : stage == stages - 1 || (microBatch < microBatches && backwards[stage + 1] > microBatch);
            if (microBatch == microBatches || !isKnown) {
                return false;
            }
            double input = isForward ? activation[stage][microBatch] : gradient[stage][microBatch];
            free[stage] = Math.max(free[stage], input) + (isForward ? forward[stage] : backward[stage]);
            if (isForward) {
                forwards[stage]++;
                send(stage, stage + 1, microBatch, activation);
            } else {
                backwards[stage]++;
                send(stage, stage - 1, microBatch, gradient);
            }
            return true;
        }

        private void send(int from, int to, int microBatch, double[][] inputs) {
            if (to >= 0 && to < stages) {
                int link = Math.min(from, to);
                double start = Math.max(free[from], portFree[from]);
                portFree[from] = start + occupied[link];
                inputs[to][microBatch] = start + travels[link];
            }
        }
    }

    /// The end of the step: statistics go to the first worker, the coefficient comes back, the optimizer steps.
    private double behind(double[] ends) {
        double root = ends[0] + STATISTICS_SHARE_OF_UPDATE * update[0];
        double all = root;
        for (int stage = 1; stage < stages; stage++) {
            double sent = ends[stage] + STATISTICS_SHARE_OF_UPDATE * update[stage];
            all = Math.max(all, sent + latency(stage));
        }
        double last = all + (1 - STATISTICS_SHARE_OF_UPDATE) * update[0];
        for (int stage = 1; stage < stages; stage++) {
            last = Math.max(last, all + latency(stage) + (1 - STATISTICS_SHARE_OF_UPDATE) * update[stage]);
        }
        return last;
    }

    private double latency(int stage) {
        return Route.between(topology, slot(stage), slot(0)).latencyMicros();
    }
}
