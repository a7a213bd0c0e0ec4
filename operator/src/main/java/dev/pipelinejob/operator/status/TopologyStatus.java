package dev.pipelinejob.operator.status;

import dev.pipelinejob.api.ConditionTypes;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec.Level;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologyStatus;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologyStatus.DeviceStatus;
import dev.pipelinejob.api.v1alpha1.InterconnectTopologyStatus.LevelStatus;
import dev.pipelinejob.operator.planning.TopologyCensus;
import dev.pipelinejob.operator.planning.TopologyCensus.DeviceCount;
import dev.pipelinejob.operator.planning.TopologyCensus.LevelCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A topology's status: what the cluster's nodes are in its words, and what of it cannot be meant.
public final class TopologyStatus {
    /// So many nodes, labels or devices are named in a sentence; more are counted.
    private static final int MAX_NAMED = 4;

    private final TopologyCensus census;
    private final ConditionList conditions;

    private TopologyStatus(TopologyCensus census, ConditionList conditions) {
        this.census = census;
        this.conditions = conditions;
    }

    /// The status after a count.
    ///
    /// @param before the last status; null for the first
    /// @param generation of the spec that was counted by
    public static InterconnectTopologyStatus of(
            @Nullable InterconnectTopologyStatus before, long generation, TopologyCensus census, Instant now) {
        TopologyStatus status = new TopologyStatus(
                census,
                new ConditionList(
                        before == null ? List.of() : Objects.requireNonNullElse(before.conditions(), List.of()),
                        generation,
                        now));
        status.ready();
        status.nodesMatched();
        return new InterconnectTopologyStatus(
                generation,
                status.shape(),
                census.matched() + "/" + census.withDevice(),
                status.conditions.all(),
                census.levels().stream().map(TopologyStatus::level).toList(),
                census.devices().stream()
                        .map(each -> new DeviceStatus(each.device().name(), each.nodes(), each.count()))
                        .toList());
    }

    private static LevelStatus level(LevelCount count) {
        List<String> unlabelled = count.unlabelled();
        return new LevelStatus(
                count.level().name(),
                count.domains(),
                unlabelled.size(),
                unlabelled.subList(0, Math.min(unlabelled.size(), InterconnectTopologyStatus.MAX_NAMES)));
    }

    private String shape() {
        return census.levels().isEmpty()
                ? "flat"
                : census.levels().stream()
                        .map(each -> each.domains() + " " + each.level().name())
                        .collect(Collectors.joining(", "));
    }

    private void ready() {
        Level unknown = unknown();
        if (census.nodes() == 0) {
            notReady("NoNodes", "The cluster has no nodes.");
        } else if (census.withDevice() == 0) {
            notReady("NoDevices", noDevices());
        } else if (unknown != null) {
            notReady("LevelUnlabelled", """
                    No node with a device of the topology carries the label %s of level %s: label the nodes, or \
                    remove the level.""".formatted(unknown.nodeLabel(), unknown.name()));
        } else if (census.matched() == 0) {
            notReady("NoNodeMatched", "No node carries the labels of all levels: label the nodes, or remove levels.");
        } else if (reversed() >= 0) {
            Level finer = census.levels().get(reversed()).level();
            Level coarser = census.levels().get(reversed() + 1).level();
            notReady("LevelsReversed", """
                    Level %s stands above level %s, but each value of %s goes with one value of %s, and not the other \
                    way round: name the coarser level first, or give the labels values that differ between domains.""".formatted(
                            finer.name(), coarser.name(), finer.nodeLabel(), coarser.nodeLabel()));
        } else {
            conditions.put(ConditionTypes.READY, true, "Matched", matched());
        }
    }

    private void notReady(String reason, String message) {
        conditions.put(ConditionTypes.READY, false, reason, message);
    }

    private @Nullable Level unknown() {
        return census.levels().stream()
                .filter(each -> each.unlabelled().size() == census.withDevice())
                .map(LevelCount::level)
                .findFirst()
                .orElse(null);
    }

    /// The index of the first level that looks finer than the next one; -1 when none does.
    private int reversed() {
        for (int index = 0; index < census.levels().size(); index++) {
            if (census.levels().get(index).finerThanNext()) {
                return index;
            }
        }
        return -1;
    }

    private String noDevices() {
        String wanted = named(census.devices().stream()
                .map(each -> each.device().resource()
                        + (each.device().nodeLabel() == null
                                ? ""
                                : " with " + each.device().nodeLabel() + "="
                                        + each.device().nodeLabelValue()))
                .toList());
        return """
                No node of %d has a device of the topology, which are %s: install the devices' plugin, label the \
                nodes, or name what they have in spec.devices.""".formatted(census.nodes(), wanted);
    }

    private String matched() {
        List<String> absent = census.devices().stream()
                .filter(each -> each.nodes() == 0)
                .map(DeviceCount::device)
                .map(each -> each.name())
                .toList();
        return "%s with a device of the topology%s.%s"
                .formatted(
                        nodes(census.withDevice()),
                        census.levels().isEmpty() ? "" : ": " + shape(),
                        absent.isEmpty() ? "" : " No node has " + named(absent) + ".");
    }

    private void nodesMatched() {
        List<LevelCount> missing = census.levels().stream()
                .filter(Predicate.not(each -> each.unlabelled().isEmpty()))
                .toList();
        if (missing.isEmpty()) {
            conditions.put(ConditionTypes.NODES_MATCHED, true, "AllMatched", null);
            return;
        }
        List<String> lacks = new ArrayList<>();
        for (LevelCount each : missing) {
            List<String> unlabelled = each.unlabelled();
            lacks.add("%s %s the label %s of level %s"
                    .formatted(
                            named(unlabelled),
                            unlabelled.size() == 1 ? "lacks" : "lack",
                            each.level().nodeLabel(),
                            each.level().name()));
        }
        conditions.put(
                ConditionTypes.NODES_MATCHED,
                false,
                "NodesUnlabelled",
                named(lacks) + ": plans take such nodes for neighbours of each other, so label them.");
    }

    private static String nodes(int count) {
        return count == 1 ? "1 node" : count + " nodes";
    }

    private static String named(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())));
        return names.size() <= MAX_NAMED ? first : first + " and " + (names.size() - MAX_NAMED) + " more";
    }
}
