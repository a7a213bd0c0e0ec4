package dev.pipelinejob.e2e.numerics;

import dev.pipelinejob.operator.planning.ExecutablePlan;
import dev.pipelinejob.operator.planning.PlanTranslation;
import dev.pipelinejob.placement.cost.CatalogueCosts;
import dev.pipelinejob.placement.cost.CatalogueModel;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.plan.ScheduleKind;
import dev.pipelinejob.placement.plan.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How the tiny model is cut and run.
///
/// @param schedule the order of operations
/// @param rematerialize whether forwards run again
/// @param endLayers the layer behind each stage's last
/// @param ranks the worker of each stage
record Cut(ScheduleKind schedule, boolean rematerialize, List<Integer> endLayers, List<Integer> ranks) {

    /// `stages` stages of about equal length, one a worker.
    static Cut even(ScheduleKind schedule, boolean rematerialize, int stages) {
        List<Integer> ends = IntStream.rangeClosed(1, stages)
                .map(stage -> stage * TinyJob.ALL_LAYERS / stages)
                .boxed()
                .toList();
        return new Cut(
                schedule,
                rematerialize,
                ends,
                IntStream.range(0, stages).boxed().toList());
    }

    /// Four stages on two workers: the first and the last, which tied embeddings share, lie on worker 0.
    static Cut folded(ScheduleKind schedule, boolean rematerialize) {
        return new Cut(schedule, rematerialize, List.of(1, 3, 5, TinyJob.ALL_LAYERS), List.of(0, 1, 1, 0));
    }

    /// The operation lists that the planner makes of this cut.
    ExecutablePlan executable(TinyJob job) {
        ModelGraph graph = CatalogueCosts.graph(
                new CatalogueModel.Gpt(
                        TinyJob.LAYERS,
                        TinyJob.WIDTH,
                        4,
                        TinyJob.CONTEXT_LENGTH,
                        TinyJob.VOCABULARY_SIZE,
                        job.tieEmbeddings()),
                job.microBatchSize(),
                CatalogueCosts.CPU_CORE_FLOPS_PER_SECOND);
        List<Stage> stages = new ArrayList<>();
        int first = 0;
        for (int stage = 0; stage < endLayers.size(); stage++) {
            stages.add(new Stage(stage, first, endLayers.get(stage), ranks.get(stage)));
            first = endLayers.get(stage);
        }
        int workers = 1 + ranks.stream().mapToInt(Integer::intValue).max().orElse(0);
        List<String> slots =
                IntStream.range(0, workers).mapToObj(rank -> "slot-" + rank).toList();
        return PlanTranslation.executable(graph, new Plan(schedule, job.microBatches(), rematerialize, stages, slots));
    }

    @Override
    public String toString() {
        return schedule.word() + (rematerialize ? " rematerialized" : "") + " cut at " + endLayers + " on ranks "
                + ranks;
    }
}
