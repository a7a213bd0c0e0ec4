package dev.pipelinejob.placement.plan;

import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Who computes what, and in which schedule.
///
/// @param schedule the order of forwards and backwards
/// @param microBatches micro-batches of one step
/// @param rematerialize whether stages keep only their input and run the forward again before the backward
/// @param stages in pipeline order
/// @param slots the slot of each rank, by name
public record Plan(
        ScheduleKind schedule, int microBatches, boolean rematerialize, List<Stage> stages, List<String> slots) {
    /// More workers than this are refused: operation lists are held in memory.
    public static final int MAX_RANKS = 1_024;
    /// More micro-batches than this are refused: operation lists are held in memory.
    public static final int MAX_MICRO_BATCHES = 4_096;

    public Plan {
        stages = List.copyOf(stages);
        slots = List.copyOf(slots);
        if (slots.size() > MAX_RANKS) {
            throw new IllegalArgumentException("The plan has " + slots.size() + " workers, but at most " + MAX_RANKS
                    + " are supported. Maybe lower the number of stages.");
        }
        if (microBatches < 1 || microBatches > MAX_MICRO_BATCHES) {
            throw new IllegalArgumentException("The plan has " + microBatches + " micro-batches, but 1 to "
                    + MAX_MICRO_BATCHES + " are supported. Maybe make each micro-batch larger.");
        }
    }

    /// Everything that is wrong with this plan for a model on a topology, one sentence each; empty when legal.
    public List<String> check(ModelGraph graph, Topology topology) {
        List<String> offences = new ArrayList<>();
        checkStages(graph.layers().size(), offences);
        checkSlots(topology, offences);
        return List.copyOf(offences);
    }

    private void checkStages(int layerCount, List<String> offences) {
        int nextLayer = 0;
        Set<Integer> usedRanks = new HashSet<>();
        for (int index = 0; index < stages.size(); index++) {
            Stage stage = stages.get(index);
            if (stage.index() != index) {
                offences.add("Stage " + stage.index() + " stands at place " + index + ": stages are listed in order.");
            }
            if (stage.firstLayer() != nextLayer) {
                offences.add("Stage " + index + " begins at layer " + stage.firstLayer()
                        + " but the layers before it end at " + nextLayer
                        + ": every layer belongs to exactly one stage.");
            }
            if (stage.rank() >= slots.size()) {
                offences.add("Stage " + index + " is on rank " + stage.rank() + " but there are only " + slots.size()
                        + " workers.");
            }
            usedRanks.add(stage.rank());
            nextLayer = stage.endLayer();
        }
        if (nextLayer != layerCount) {
            offences.add("The stages end at layer " + nextLayer + " but the model has " + layerCount + " layers.");
        }
        for (int rank = 0; rank < slots.size(); rank++) {
            if (!usedRanks.contains(rank)) {
                offences.add("Rank " + rank + " on slot " + slots.get(rank) + " holds no stage: leave it out.");
            }
        }
    }

    private void checkSlots(Topology topology, List<String> offences) {
        Set<String> used = new HashSet<>();
        for (int rank = 0; rank < slots.size(); rank++) {
            String slot = slots.get(rank);
            if (!topology.hasSlot(slot)) {
                offences.add("Rank " + rank + " is on slot " + slot + ", which the topology does not have.");
            }
            if (!used.add(slot)) {
                offences.add("Slot " + slot + " holds two workers: a slot holds one.");
            }
        }
    }

    /// The stages of one worker, in pipeline order.
    public List<Stage> stagesOf(int rank) {
        return stages.stream().filter(stage -> stage.rank() == rank).toList();
    }

    /// The most micro-batches that a stage holds between their forward and their backward.
    public int maxInFlight(int stage) {
        return schedule.maxInFlight(microBatches, stages.size() - stage);
    }
}
