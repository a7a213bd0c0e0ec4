package dev.pipelinejob.placement.partition;

import dev.pipelinejob.placement.workload.Devices;
import dev.pipelinejob.placement.workload.Workload;
import dev.pipelinejob.placement.workload.WorkloadBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Small workloads with everything that makes splitting hard: memory, CPUs, colours, backward nodes, ties and zeros.
public final class RandomWorkloads {
    private final Random random;

    public RandomWorkloads(long seed) {
        this.random = new Random(seed);
    }

    public Workload next(int mostNodes) {
        int forward = 1 + random.nextInt(mostNodes);
        int backward = random.nextBoolean() ? 0 : Math.min(random.nextInt(forward + 1), mostNodes - forward);
        List<WorkloadBuilder.Node> nodes = new ArrayList<>();
        double bytes = 0;
        double largest = 0;
        boolean colours = random.nextInt(3) == 0;
        for (int node = 0; node < forward + backward; node++) {
            WorkloadBuilder.Node made = node(node, node >= forward, forward, colours);
            nodes.add(made);
            bytes += made.bytes();
            largest = Math.max(largest, made.bytes());
        }
        int accelerators = random.nextInt(4);
        int cpus = accelerators == 0 ? 1 + random.nextInt(2) : random.nextInt(3);
        double memory = random.nextInt(3) > 0 ? bytes : largest + random.nextInt(1 + (int) bytes);
        List<Object[]> edges = edges(forward, backward);
        return built(nodes, edges, new Devices(accelerators, cpus, memory));
    }

    private WorkloadBuilder.Node node(int number, boolean backward, int forward, boolean colours) {
        String colour = "";
        if (backward && random.nextInt(4) > 0) {
            colour = "c" + random.nextInt(forward);
        } else if (!backward) {
            colour = "c" + (colours ? random.nextInt(forward) : number);
        }
        double work = random.nextInt(4) == 0 ? 0 : random.nextInt(8);
        return new WorkloadBuilder.Node(
                "n" + number,
                work,
                random.nextInt(4) == 0 ? 0 : work * random.nextInt(4) + random.nextInt(3),
                random.nextInt(3) == 0 ? 0 : random.nextInt(6),
                random.nextInt(12) > 0,
                backward,
                colour);
    }

    private List<Object[]> edges(int forward, int backward) {
        List<Object[]> edges = new ArrayList<>();
        int density = 1 + random.nextInt(4);
        int dear = 1 + random.nextInt(8);
        for (int source = 0; source < forward + backward; source++) {
            double cost = random.nextInt(4) == 0 ? 0 : random.nextInt(dear);
            for (int target = source + 1; target < forward + backward; target++) {
                if (random.nextInt(5) < density) {
                    edges.add(new Object[] {"n" + source, "n" + target, cost});
                }
            }
        }
        return edges;
    }

    private static Workload built(List<WorkloadBuilder.Node> nodes, List<Object[]> edges, Devices devices) {
        WorkloadBuilder builder = new WorkloadBuilder();
        nodes.forEach(builder::node);
        edges.forEach(edge -> builder.edge((String) edge[0], (String) edge[1], (double) edge[2]));
        return builder.build(devices);
    }

    /// The same workload with nodes and edges in another order and other names.
    public Workload relabelled(Workload workload) {
        List<WorkloadBuilder.Node> nodes = new ArrayList<>();
        List<Object[]> edges = new ArrayList<>();
        for (int node = 0; node < workload.nodes(); node++) {
            nodes.add(new WorkloadBuilder.Node(
                    "x" + workload.id(node),
                    workload.acceleratorMillis(node),
                    workload.cpuMillis(node),
                    workload.bytes(node),
                    workload.supported(node),
                    workload.backward(node),
                    "k" + (1000 - workload.colour(node))));
            for (int index = 0; index < workload.successorCount(node); index++) {
                String target = workload.id(workload.successor(node, index));
                edges.add(new Object[] {"x" + workload.id(node), "x" + target, workload.outputMillis(node)});
            }
        }
        Collections.shuffle(nodes, random);
        Collections.shuffle(edges, random);
        return built(nodes, edges, workload.devices());
    }
}
