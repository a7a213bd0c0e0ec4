package dev.pipelinejob.operator.reconcile;

import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec;
import dev.pipelinejob.operator.drive.Places;
import dev.pipelinejob.operator.lifecycle.LostNode;
import dev.pipelinejob.operator.lifecycle.PlanReference;
import dev.pipelinejob.operator.observe.Capacity;
import dev.pipelinejob.operator.observe.FreeSlots;
import dev.pipelinejob.operator.observe.NodeFacts;
import dev.pipelinejob.operator.observe.PodFacts;
import dev.pipelinejob.operator.observe.SlotNeeds;
import dev.pipelinejob.operator.planning.ClusterTopology;
import dev.pipelinejob.operator.planning.ClusterTopology.Machine;
import dev.pipelinejob.operator.planning.ClusterTopology.SlotKind;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The room of a cluster for one job: what others leave free, and what the job holds.
final class ClusterPlaces implements Places {
    private static final String NO_SLOT_OF_TOPOLOGY =
            "%s None of these nodes has a device of the topology that spec.placement.topologyRef names.";

    private final ClusterView view;
    private final Reservations reservations;
    private final Request request;
    private volatile @Nullable Capacity offered;
    private volatile @Nullable Seen last;

    /// What a job asks of the cluster.
    ///
    /// @param jobUid the job
    /// @param needs what a slot asks of a node
    /// @param kind what a slot is
    /// @param topology the cluster's description; null while there is none
    /// @param claims what the job's claims say to a plan
    record Request(
            String jobUid,
            SlotNeeds needs,
            SlotKind kind,
            Supplier<@Nullable InterconnectTopologySpec> topology,
            JobClaims claims) {}

    /// The room as of one revision of the cluster.
    private record Seen(long revision, List<String> avoided, Capacity capacity) {}

    ClusterPlaces(ClusterView view, Reservations reservations, Request request) {
        this.view = view;
        this.reservations = reservations;
        this.request = request;
    }

    private Capacity capacity(List<String> avoided) {
        long revision = view.revisionFor(request.jobUid()) + reservations.revision();
        Seen before = last;
        if (before != null && before.revision() == revision && before.avoided().equals(avoided)) {
            return before.capacity();
        }
        Capacity now = FreeSlots.find(
                view.nodes(),
                reservations.with(view.pods(), request.jobUid()),
                request.jobUid(),
                request.needs(),
                Set.copyOf(avoided));
        last = new Seen(revision, List.copyOf(avoided), now);
        return now;
    }

    @Override
    public Offer offer(Wish wish) {
        String refusal = request.claims().refusal();
        if (refusal != null) {
            return new Offer.Nothing(refusal);
        }
        offered = capacity(List.of());
        Capacity capacity = capacity(wish.avoided());
        InterconnectTopologySpec described = request.topology().get();
        Topology all = topology(described, machines(capacity, wish));
        if (all == null) {
            return new Offer.Nothing(
                    described == null || capacity.machines().isEmpty()
                            ? capacity.sentence()
                            : NO_SLOT_OF_TOPOLOGY.formatted(capacity.sentence()));
        }
        Topology near = wish.kept().isEmpty() ? all : Nearby.around(all, wish);
        int slots = near.slots().size();
        int ranks = Math.max(Math.max(1, wish.wanted()), slots - wish.spares());
        return new Offer.Slots(near, Math.min(slots, ranks), capacity.sentence());
    }

    private @Nullable Topology topology(@Nullable InterconnectTopologySpec described, Collection<Machine> machines) {
        List<Machine> list = List.copyOf(machines);
        return described == null
                ? ClusterTopology.flat(request.kind(), list)
                : ClusterTopology.of(described, request.kind(), list);
    }

    /// The machines with room, and those where a worker stays although nothing more would fit.
    private Collection<Machine> machines(Capacity capacity, Wish wish) {
        SortedMap<String, Machine> machines = new TreeMap<>();
        capacity.machines().forEach(machine -> machines.put(machine.name(), machine));
        SortedMap<String, Integer> kept = new TreeMap<>();
        wish.kept().values().forEach(node -> kept.merge(node, 1, Integer::sum));
        kept.forEach((node, count) -> {
            Machine machine = machines.get(node);
            if (machine == null || machine.slots() < count) {
                machines.put(node, machine(node, count));
            }
        });
        return machines.values();
    }

    private Machine machine(String node, int slots) {
        NodeFacts facts = view.node(node);
        long memory = facts == null ? Long.MAX_VALUE : facts.allocatable().memoryBytes();
        Map<String, String> labels = facts == null ? Map.of() : facts.labels();
        return new Machine(node, labels, slots, Math.max(1, memory / slots), 0);
    }

    @Override
    public Topology having(List<String> slots) {
        Topology now = topology(request.topology().get(), capacity(List.of()).machines());
        if (now != null && slots.stream().allMatch(now::hasSlot)) {
            return now;
        }
        SortedMap<String, Integer> highest = new TreeMap<>();
        for (String slot : slots) {
            int number = Integer.parseInt(slot.substring(slot.lastIndexOf('-') + 1));
            highest.merge(nodeOf(slot), number + 1, Math::max);
        }
        List<Machine> machines = new ArrayList<>();
        highest.forEach((node, count) -> machines.add(machine(node, count)));
        Topology then = topology(request.topology().get(), machines);
        if (then != null && slots.stream().allMatch(then::hasSlot)) {
            return then;
        }
        Topology flat = ClusterTopology.flat(SlotKind.CPU, machines);
        if (flat == null) {
            throw new IllegalArgumentException("A plan has no slots.");
        }
        return flat;
    }

    @Override
    public @Nullable String objection(List<String> slots) {
        long nodes = slots.stream().map(ClusterPlaces::nodeOf).distinct().count();
        return request.claims().objection(slots.size(), Math.toIntExact(nodes));
    }

    @Override
    public @Nullable Taken take(Wish wish, List<String> slots) {
        List<String> ranks = slots.stream().map(ClusterPlaces::nodeOf).toList();
        List<String> spares = new ArrayList<>(spares(wish, ranks));
        boolean taken = reservations.take(request.jobUid(), () -> reserved(wish, ranks, spares));
        if (!taken) {
            return null;
        }
        SlotNumbers numbers = new SlotNumbers(wish.kept());
        return new Taken(numbers.places(ranks), numbers.places(spares));
    }

    /// The nodes of the spares; where the job's claims keep its workers together, those of the ranks only.
    private List<String> spares(Wish wish, List<String> ranks) {
        Topology all = topology(request.topology().get(), machines(capacity(wish.avoided()), wish));
        if (all == null || wish.spares() == 0) {
            return List.of();
        }
        List<String> chosen = spares(all, wish, ranks);
        if (!suits(ranks, chosen)) {
            Set<String> together = all.slots().stream()
                    .map(Slot::name)
                    .filter(slot -> ranks.contains(nodeOf(slot)))
                    .collect(Collectors.toSet());
            chosen = spares(all.restrictedTo(together), wish, ranks);
        }
        return suits(ranks, chosen) ? chosen : List.of();
    }

    private static List<String> spares(Topology all, Wish wish, List<String> ranks) {
        List<String> staying = new ArrayList<>(wish.kept().values());
        ranks.forEach(staying::remove);
        return SparePlaces.choose(all, ranks, staying, wish.spares());
    }

    private boolean suits(List<String> ranks, List<String> spares) {
        List<String> nodes =
                Stream.concat(ranks.stream(), spares.stream()).distinct().toList();
        return spares.isEmpty() || request.claims().objection(ranks.size() + spares.size(), nodes.size()) == null;
    }

    private static String nodeOf(String slot) {
        return slot.substring(0, slot.indexOf('/'));
    }

    /// @param spares those that have no room any more are taken out
    private @Nullable List<PodFacts> reserved(Wish wish, List<String> ranks, List<String> spares) {
        Map<String, Integer> room = new TreeMap<>();
        machines(capacity(wish.avoided()), wish).forEach(machine -> room.put(machine.name(), machine.slots()));
        List<PodFacts> places = new ArrayList<>();
        for (String node : ranks) {
            if (room.merge(node, -1, Integer::sum) < 0) {
                return null;
            }
            places.add(new PodFacts(node, request.jobUid(), request.needs().requests()));
        }
        spares.removeIf(node -> room.merge(node, -1, Integer::sum) < 0);
        spares.forEach(node ->
                places.add(new PodFacts(node, request.jobUid(), request.needs().requests())));
        return places;
    }

    @Override
    public List<Integer> closed(PlanReference plan) {
        SortedMap<String, Integer> room = new TreeMap<>();
        Seen before = last;
        capacity(before == null ? List.of() : before.avoided())
                .machines()
                .forEach(machine -> room.put(machine.name(), machine.slots()));
        List<Integer> closed = new ArrayList<>();
        for (PlanReference.Place place : plan.all()) {
            if (room.merge(place.node(), -1, Integer::sum) < 0) {
                closed.add(place.slot());
            }
        }
        return closed;
    }

    @Override
    public List<LostNode> lost(Collection<String> nodes) {
        List<LostNode> lost = new ArrayList<>();
        for (String name : nodes) {
            NodeFacts node = view.node(name);
            String reason = node == null ? "it was deleted" : node.lostBecause();
            if (reason != null) {
                lost.add(new LostNode(name, reason));
            }
        }
        return lost;
    }

    @Override
    public boolean mayGrow() {
        return request.claims().refusal() == null;
    }

    /// Of all nodes, also of those that were avoided: whether they still have to be is found when the job is planned.
    @Override
    public boolean haveChanged() {
        Capacity before = offered;
        return before != null && !capacity(List.of()).machines().equals(before.machines());
    }
}
