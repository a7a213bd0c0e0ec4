package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is remembered of the pods and processes of a job's slots.
///
/// @param incarnations the highest incarnation of each slot that was ever asked for
/// @param handled the processes whose end has been dealt with, so that none is counted twice
/// @param quarantine nodes that get no new worker for a while, at most {@link #MAX_QUARANTINE}
/// @param spareFailures how many spares have failed in a row
/// @param sparesAt no spare is started before; null when none has failed yet
public record WorkerMemory(
        SortedMap<Integer, Integer> incarnations,
        List<HandledExit> handled,
        List<Quarantine> quarantine,
        int spareFailures,
        @Nullable Instant sparesAt) {
    /// More nodes than one job can lose within a quarantine and still go on.
    public static final int MAX_QUARANTINE = 64;

    /// Spares that have stood by for so long are sound: the next failure is a first one again.
    static final Duration SPARES_SOUND = Duration.ofMinutes(1);

    public static final WorkerMemory EMPTY = new WorkerMemory(new TreeMap<>(), List.of(), List.of(), 0, null);

    public WorkerMemory {
        incarnations = Collections.unmodifiableSortedMap(new TreeMap<>(incarnations));
        handled = List.copyOf(handled);
        quarantine =
                List.copyOf(quarantine.subList(Math.max(0, quarantine.size() - MAX_QUARANTINE), quarantine.size()));
    }

    /// A process whose end has been dealt with.
    ///
    /// @param slot in which slot
    /// @param incarnation in which incarnation of the slot
    /// @param pid which engine process; {@link #WHOLE_WORKER} for the pod or supervisor itself
    public record HandledExit(int slot, int incarnation, long pid) {
        public static final long WHOLE_WORKER = 0;
        /// So many ends of engine processes are remembered of a slot's present incarnation.
        static final int MAX_PER_SLOT = 4;
    }

    /// A node that gets no new worker.
    ///
    /// @param node the node's name
    /// @param until when that ends
    /// @param reason in words
    public record Quarantine(String node, Instant until, String reason) {}

    WorkerMemory withHandled(HandledExit exit) {
        boolean isOver = handled.stream()
                .anyMatch(each -> each.slot() == exit.slot() && each.incarnation() > exit.incarnation());
        if (isOver || handled.contains(exit)) {
            return this;
        }
        List<HandledExit> others =
                handled.stream().filter(each -> each.slot() != exit.slot()).toList();
        List<HandledExit> same = handled.stream()
                .filter(each -> each.slot() == exit.slot() && each.incarnation() == exit.incarnation())
                .toList();
        same = same.subList(Math.max(0, same.size() - HandledExit.MAX_PER_SLOT + 1), same.size());
        List<HandledExit> all = Stream.of(others.stream(), same.stream(), Stream.of(exit))
                .flatMap(each -> each)
                .toList();
        return new WorkerMemory(incarnations, all, quarantine, spareFailures, sparesAt);
    }

    /// With the higher of what was known and what is known now of each slot.
    WorkerMemory withIncarnations(Map<Integer, Integer> seen) {
        SortedMap<Integer, Integer> more = new TreeMap<>(incarnations);
        seen.forEach((slot, incarnation) -> {
            if (incarnation > incarnation(slot)) {
                more.put(slot, incarnation);
            }
        });
        return more.equals(incarnations) ? this : new WorkerMemory(more, handled, quarantine, spareFailures, sparesAt);
    }

    WorkerMemory withQuarantine(Quarantine node) {
        List<Quarantine> more = new ArrayList<>(quarantine.stream()
                .filter(each -> !each.node().equals(node.node()))
                .toList());
        more.add(node);
        return new WorkerMemory(incarnations, handled, more, spareFailures, sparesAt);
    }

    /// Without the nodes whose quarantine is over at `now`.
    WorkerMemory at(Instant now) {
        List<Quarantine> still =
                quarantine.stream().filter(each -> now.isBefore(each.until())).toList();
        return still.size() == quarantine.size()
                ? this
                : new WorkerMemory(incarnations, handled, still, spareFailures, sparesAt);
    }

    WorkerMemory withoutQuarantine() {
        return new WorkerMemory(incarnations, handled, List.of(), spareFailures, sparesAt);
    }

    /// How many spares have failed in a row when another one fails at `now`.
    int spareFailuresWithOneAt(Instant now) {
        return sparesAt != null && now.isAfter(sparesAt.plus(SPARES_SOUND)) ? 1 : spareFailures + 1;
    }

    WorkerMemory withSpareFailures(int inARow, Instant nextAt) {
        return new WorkerMemory(incarnations, handled, quarantine, inARow, nextAt);
    }

    /// The highest incarnation of a slot that was ever asked for; 0 when none was.
    int incarnation(int slot) {
        return incarnations.getOrDefault(slot, Presence.NO_INCARNATION);
    }

    boolean isHandled(int slot, int incarnation, long pid) {
        return handled.contains(new HandledExit(slot, incarnation, pid));
    }

    boolean isWorkerHandled(int slot, int incarnation) {
        return isHandled(slot, incarnation, HandledExit.WHOLE_WORKER);
    }
}
