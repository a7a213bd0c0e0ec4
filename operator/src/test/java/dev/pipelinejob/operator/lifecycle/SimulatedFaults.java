package dev.pipelinejob.operator.lifecycle;

import java.util.List;
import java.util.Random;

/// What can go wrong, and what heals by itself.
final class SimulatedFaults {
    private final SimulatedCluster cluster;
    private final Random random;
    /// Faults that may be charged: an upper bound, since one may cost an attempt more than once.
    int chargeable;

    boolean userError;

    SimulatedFaults(SimulatedCluster cluster) {
        this.cluster = cluster;
        this.random = cluster.random;
    }

    void strike() {
        SimulatedNode node = cluster.nodes.get(random.nextInt(cluster.nodes.size()));
        switch (random.nextInt(15)) {
            case 0, 1, 2 -> some().forEach(pod -> dieEngine(pod, 137, 9));
            case 3 -> some().forEach(this::diePod);
            case 4 -> some().forEach(this::hang);
            case 5 -> some().forEach(this::cutLink);
            case 6 -> cluster.pods.forEach(this::cutLink);
            case 7, 8 -> cut(node);
            case 9 -> drain(node);
            case 10 -> takeRoom(node);
            case 11 -> {
                cluster.note("the newest checkpoint is damaged");
                cluster.store.damageNewest();
            }
            case 12 -> some().forEach(this::evict);
            case 13 -> {
                int count = 1 + random.nextInt(4);
                cluster.note("the next " + count + " pods die at their start");
                chargeable += count;
                cluster.failingStarts += count;
            }
            default -> {
                if (random.nextInt(4) == 0) {
                    userError = true;
                    some().forEach(pod -> dieEngine(pod, 2, 0));
                }
            }
        }
    }

    /// One pod, or sometimes several at once.
    private List<SimulatedPod> some() {
        List<SimulatedPod> running =
                cluster.pods.stream().filter(SimulatedPod::hasEngine).toList();
        if (running.isEmpty()) {
            return List.of();
        }
        int first = random.nextInt(running.size());
        int count = random.nextInt(4) == 0 ? running.size() : 1;
        return running.subList(first, Math.min(running.size(), first + count));
    }

    private void dieEngine(SimulatedPod pod, int code, int signal) {
        cluster.note("engine dies with " + code + ": " + pod);
        chargeable++;
        cluster.killEngine(pod, code, signal);
    }

    private void diePod(SimulatedPod pod) {
        cluster.note("supervisor dies: " + pod);
        chargeable++;
        pod.end(137, false);
    }

    private void evict(SimulatedPod pod) {
        cluster.note("is asked to leave: " + pod);
        pod.drainedAt = cluster.now;
    }

    private void hang(SimulatedPod pod) {
        cluster.note("hangs: " + pod);
        // It may take a progress deadline and a prepare timeout, of every attempt that meets it.
        chargeable += 3;
        pod.hung = true;
    }

    private void cutLink(SimulatedPod pod) {
        if (pod.runs()) {
            cluster.note("loses its operator: " + pod);
            // Only what a worker does not hear while its link is down can cost an attempt.
            chargeable += 3;
            pod.linkDown = true;
        }
    }

    private void cut(SimulatedNode node) {
        cluster.note("node " + node.name + " is cut off");
        chargeable += 3;
        node.cutSince = cluster.now;
    }

    private void drain(SimulatedNode node) {
        cluster.note("node " + node.name + " is drained");
        node.cordoned = true;
        cluster.pods.stream()
                .filter(pod -> pod.node.equals(node.name) && pod.drainedAt == null)
                .forEach(pod -> pod.drainedAt = cluster.now);
    }

    private void takeRoom(SimulatedNode node) {
        if (cluster.freeOn(node) > 0) {
            cluster.note("somebody takes room on node " + node.name);
            node.foreign++;
        }
    }

    /// Now and then something is mended; `everything` at last, but for what only the operator can mend.
    void heal(boolean everything) {
        for (SimulatedNode node : cluster.nodes) {
            if (node.isCut() && (everything || random.nextInt(80) == 0)) {
                comeBack(node);
            }
            if (node.cordoned && (everything || random.nextInt(80) == 0)) {
                cluster.note("node " + node.name + " takes workers again");
                node.cordoned = false;
            }
            if (node.foreign > 0 && (everything || random.nextInt(80) == 0)) {
                cluster.note("there is room again on node " + node.name);
                node.foreign = 0;
            }
        }
        cluster.pods.stream()
                .filter(pod -> pod.linkDown && (everything || random.nextInt(20) == 0))
                .forEach(pod -> pod.linkDown = false);
    }

    /// Either it was only cut off, or it was dead: then nothing of it is left.
    private void comeBack(SimulatedNode node) {
        boolean rebooted = random.nextBoolean();
        cluster.note("node " + node.name + " is back" + (rebooted ? ", freshly booted" : ""));
        node.cutSince = null;
        if (rebooted) {
            cluster.pods.stream()
                    .filter(pod -> pod.node.equals(node.name) && pod.state != SimulatedPod.State.ENDED)
                    .forEach(pod -> pod.end(137, true));
        }
    }
}
