package dev.pipelinejob.placement.simulate;

import dev.pipelinejob.placement.cost.StageCosts;
import dev.pipelinejob.placement.graph.ModelGraph;
import dev.pipelinejob.placement.plan.Plan;
import dev.pipelinejob.placement.schedule.Operation;
import dev.pipelinejob.placement.schedule.OperationKind;
import dev.pipelinejob.placement.schedule.Schedule;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;

/// One simulation: an event queue over workers, cores and links.
final class PipelineRun {
    private static final Comparator<Event> ORDER =
            Comparator.comparingDouble(Event::atMicros).thenComparingLong(Event::number);

    private final Plan plan;
    private final Topology topology;
    private final int steps;
    private final List<Worker> workers = new ArrayList<>();
    private final WorkModel work;
    private final Network network;
    private final PriorityQueue<Event> events = new PriorityQueue<>(ORDER);
    private final Map<Message, Integer> mailbox = new HashMap<>();
    private final Map<Message, Integer> waiting = new HashMap<>();
    private final SortedMap<WorkerPair, Long> bytesPerStep = new TreeMap<>();
    private final double[] stepEndMicros;
    private long eventNumber;

    PipelineRun(ModelGraph graph, Topology topology, Plan plan, Schedule schedule, int steps) {
        this.plan = plan;
        this.topology = topology;
        this.steps = steps;
        this.work = new WorkModel(new StageCosts(graph), plan, topology);
        this.network = new Network(topology, plan.slots());
        this.stepEndMicros = new double[steps];
        Map<String, CoreGroup> shared = new HashMap<>();
        schedule.workers()
                .forEach(lists -> workers.add(new Worker(lists.rank(), lists.step(), coresOf(lists.rank(), shared))));
    }

    private CoreGroup coresOf(int rank, Map<String, CoreGroup> shared) {
        for (Domain domain : topology.ancestors(plan.slots().get(rank))) {
            if (domain.computeCores() > 0) {
                return shared.computeIfAbsent(domain.name(), _ -> new CoreGroup(domain.computeCores()));
            }
        }
        return new CoreGroup(1);
    }

    /// Where a worker stands in its list.
    private static final class Worker {
        final int rank;
        final List<Operation> list;
        final CoreGroup cores;
        final List<Span> firstStep = new ArrayList<>();
        int step;
        int next;
        double sinceMicros;

        Worker(int rank, List<Operation> list, CoreGroup cores) {
            this.rank = rank;
            this.list = list;
            this.cores = cores;
        }
    }

    /// Either a message arrives or a core group has its next completion.
    private sealed interface Event {
        double atMicros();

        long number();

        record Arrival(double atMicros, long number, Message message, long bytes) implements Event {}

        record Completion(double atMicros, long number, CoreGroup cores, long version) implements Event {}
    }

    private record Message(OperationKind sendKind, int step, int from, int to, int stage, int microBatch) {}

    Simulation simulate() {
        workers.forEach(worker -> advance(worker, 0));
        while (!events.isEmpty()) {
            switch (events.remove()) {
                case Event.Arrival arrival -> arrive(arrival);
                case Event.Completion completion -> complete(completion);
            }
        }
        if (!waiting.isEmpty()) {
            throw new IllegalStateException(
                    "The schedule cannot be executed: " + waiting.size() + " workers wait for ever.");
        }
        return result();
    }

    private void arrive(Event.Arrival arrival) {
        Message message = arrival.message();
        work.arrived(message.to(), message.sendKind(), arrival.bytes());
        mailbox.put(message, 1);
        Integer receiver = waiting.remove(message);
        if (receiver != null) {
            advance(workers.get(receiver), arrival.atMicros());
        }
    }

    private void complete(Event.Completion completion) {
        CoreGroup cores = completion.cores();
        if (cores.version() != completion.version()) {
            return;
        }
        List<Integer> done = cores.complete(completion.atMicros());
        for (int rank : done) {
            Worker worker = workers.get(rank);
            Operation operation = worker.list.get(worker.next);
            work.finished(rank, operation);
            finish(worker, operation, completion.atMicros());
        }
        expectCompletion(cores);
        done.forEach(rank -> advance(workers.get(rank), completion.atMicros()));
    }

    /// Runs a worker until it computes, waits or ends.
    private void advance(Worker worker, double nowMicros) {
        while (worker.step < steps) {
            Operation operation = worker.list.get(worker.next);
            if (operation.kind().isReceive()) {
                Message message = incoming(worker, operation);
                if (mailbox.remove(message) == null) {
                    waiting.put(message, worker.rank);
                    return;
                }
                work.received(worker.rank, operation);
            } else if (operation.kind().isSend()) {
                send(worker, operation, nowMicros);
            } else {
                double workMicros = work.started(worker.rank, operation);
                if (workMicros > 0) {
                    worker.cores.start(worker.rank, workMicros, nowMicros);
                    expectCompletion(worker.cores);
                    return;
                }
                work.finished(worker.rank, operation);
            }
            finish(worker, operation, nowMicros);
        }
    }

    private void expectCompletion(CoreGroup cores) {
        if (!cores.isIdle()) {
            events.add(new Event.Completion(cores.nextCompletionMicros(), eventNumber++, cores, cores.version()));
        }
    }

    private void send(Worker worker, Operation operation, double nowMicros) {
        WorkerPair pair = new WorkerPair(worker.rank, operation.peer());
        Message message = new Message(
                operation.kind(), worker.step, pair.from(), pair.to(), operation.stage(), operation.microBatch());
        double atMicros = network.send(pair, operation.bytes(), nowMicros);
        events.add(new Event.Arrival(atMicros, eventNumber++, message, operation.bytes()));
        if (worker.step == 0) {
            bytesPerStep.merge(pair, operation.bytes(), Long::sum);
        }
    }

    private static Message incoming(Worker worker, Operation operation) {
        OperationKind sendKind = operation.kind().counterpart();
        int stage =
                switch (sendKind) {
                    case SEND_ACTIVATION -> operation.stage() - 1;
                    case SEND_GRADIENT -> operation.stage() + 1;
                    default -> operation.stage();
                };
        return new Message(sendKind, worker.step, operation.peer(), worker.rank, stage, operation.microBatch());
    }

    private void finish(Worker worker, Operation operation, double nowMicros) {
        if (worker.step == 0) {
            worker.firstStep.add(new Span(
                    worker.rank,
                    operation.kind(),
                    operation.stage(),
                    operation.microBatch(),
                    worker.sinceMicros,
                    nowMicros));
        }
        worker.sinceMicros = nowMicros;
        worker.next++;
        if (worker.next == worker.list.size()) {
            stepEndMicros[worker.step] = Math.max(stepEndMicros[worker.step], nowMicros);
            worker.next = 0;
            worker.step++;
        }
    }

    private Simulation result() {
        List<Span> timeline = new ArrayList<>();
        workers.forEach(worker -> timeline.addAll(worker.firstStep));
        double busyMicros = timeline.stream()
                .filter(span -> !span.kind().isReceive() && !span.kind().isSend())
                .mapToDouble(span -> span.endMicros() - span.startMicros())
                .sum();
        double stepMicros = stepEndMicros[0];
        double steadyMicros = steps > 1 ? stepEndMicros[steps - 1] - stepEndMicros[steps - 2] : stepMicros;
        double bubble = stepMicros > 0 ? 1 - busyMicros / (stepMicros * workers.size()) : 0;
        return new Simulation(stepMicros, steadyMicros, bubble, work.peakBytes(), bytesPerStep, timeline);
    }
}
