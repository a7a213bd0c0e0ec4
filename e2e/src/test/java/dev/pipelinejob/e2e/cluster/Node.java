package dev.pipelinejob.e2e.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One node of the own cluster, and what can happen to its network. Rules for packets stand in a table of the node's,
/// on the hook that every packet from or to a pod passes.
///
/// @param name as Kubernetes knows it, such as `node-2`
record Node(String name) {
    private static final Program PROGRAM = new Program(Map.of(), Duration.ofSeconds(20));
    private static final String FAULTS = "faults";

    /// Takes its link down: nobody reaches it, its pods run on.
    void cut() throws IOException, InterruptedException {
        String _ = PROGRAM.run(List.of("ip", "link", "set", link(), "down"));
    }

    void join() throws IOException, InterruptedException {
        String _ = PROGRAM.run(List.of("ip", "link", "set", link(), "up"));
    }

    /// Loses what pods of another node send to pods of this one; what these send arrives.
    void dropFrom(Node sender) throws IOException, InterruptedException {
        dropForwarded(List.of("ip", "saddr", sender.pods(), "ip", "daddr", pods()));
    }

    /// Loses all packets to and from a port of whatever pod.
    void dropPort(int port) throws IOException, InterruptedException {
        dropForwarded(List.of("tcp", "dport", Integer.toString(port)));
        dropForwarded(List.of("tcp", "sport", Integer.toString(port)));
    }

    /// Ends all that {@link #dropFrom} and {@link #dropPort} began.
    void dropNothing() throws IOException, InterruptedException {
        String _ = inside(List.of("nft", "add", "table", "ip", FAULTS));
        String _ = inside(List.of("nft", "delete", "table", "ip", FAULTS));
    }

    private void dropForwarded(List<String> packets) throws IOException, InterruptedException {
        String _ = inside(List.of("nft", "add", "table", "ip", FAULTS));
        String _ = inside(
                List.of("nft", "add chain ip " + FAULTS + " forward { type filter hook forward priority filter; }"));
        List<String> rule = new ArrayList<>(List.of("nft", "add", "rule", "ip", FAULTS, "forward"));
        rule.addAll(packets);
        rule.add("drop");
        String _ = inside(rule);
    }

    private String inside(List<String> command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name));
        line.addAll(command);
        return PROGRAM.run(line);
    }

    private String pods() {
        return "10.244." + name.substring("node-".length()) + ".0/24";
    }

    private String link() {
        return "pj-" + name;
    }
}
