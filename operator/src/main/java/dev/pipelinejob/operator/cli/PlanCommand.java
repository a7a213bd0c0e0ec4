package dev.pipelinejob.operator.cli;

import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec;
import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.admission.Admission;
import dev.pipelinejob.operator.admission.Verdict;
import dev.pipelinejob.operator.observe.Capacity;
import dev.pipelinejob.operator.observe.FreeSlots;
import dev.pipelinejob.operator.observe.NodeFacts;
import dev.pipelinejob.operator.observe.SlotNeeds;
import dev.pipelinejob.operator.planning.ClusterNodes;
import dev.pipelinejob.operator.planning.ClusterTopology;
import dev.pipelinejob.operator.planning.ClusterTopology.SlotKind;
import dev.pipelinejob.operator.planning.JobPlanner;
import dev.pipelinejob.operator.planning.PlanningOutcome;
import dev.pipelinejob.operator.status.PlanTable;
import dev.pipelinejob.operator.workers.PodSettings;
import dev.pipelinejob.operator.workers.SlotPods;
import dev.pipelinejob.placement.draw.PlacementDrawing;
import dev.pipelinejob.placement.format.PlacementJson;
import dev.pipelinejob.placement.topology.Topology;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pipelinejob plan`: where the stages of a job would go, without running it.
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Prints the placement of a job: on this machine, or on given nodes and their topology.")
final class PlanCommand implements Callable<Integer> {
    private static final Set<String> ARCHITECTURES = Set.of("amd64");

    @Parameters(index = "0", paramLabel = "JOB.yaml", description = "A PipelineJob, as for kubectl apply.")
    private Path file = Path.of("");

    @Option(names = "--topology", paramLabel = "T.yaml", description = "An InterconnectTopology.")
    private @Nullable Path topologyFile;

    @Option(
            names = "--nodes",
            paramLabel = "N.yaml",
            description = "The cluster's nodes, as written by kubectl get nodes -o yaml;"
                    + " without --topology they count as equally near to each other.")
    private @Nullable Path nodesFile;

    @Option(names = "--output", paramLabel = "plan.json", description = "Writes the plan there.")
    private @Nullable Path output;

    @Option(names = "--svg", paramLabel = "plan.svg", description = "Draws the placement there.")
    private @Nullable Path svg;

    @Spec
    private @Nullable CommandSpec commandSpec;

    @Override
    public Integer call() throws UserError, IOException {
        PipelineJob job = admitted(Admission.ofJobs().admit(file));
        JobPlanner planner = new JobPlanner(System::nanoTime);
        Topology topology = topology(job);
        return switch (planner.plan(job.getSpec(), topology, ranks(job, topology))) {
            case PlanningOutcome.Infeasible(String sentence) -> throw new UserError(sentence);
            case PlanningOutcome.Planned planned -> show(planned);
        };
    }

    /// On one machine spares take no room of other workers.
    private int ranks(PipelineJob job, Topology topology) {
        int slots = topology.slots().size();
        int spares = job.getSpec().workerPools().getFirst().spares();
        return nodesFile == null ? slots : Math.max(1, slots - spares);
    }

    private Topology topology(PipelineJob job) throws UserError, IOException {
        InterconnectTopologySpec given = topologyFile == null
                ? null
                : admitted(Admission.ofTopologies().admit(topologyFile)).getSpec();
        if (nodesFile == null) {
            return Installation.machine().topology(job.getSpec(), given);
        }
        Capacity room = room(job, nodesFile);
        if (room.machines().isEmpty()) {
            throw new UserError(room.sentence());
        }
        SlotKind kind = SlotKind.of(job.getSpec().workerPools().getFirst());
        Topology topology = given == null
                ? ClusterTopology.flat(kind, room.machines())
                : ClusterTopology.of(given, kind, room.machines());
        if (topology == null) {
            throw new UserError("No node in " + nodesFile + " has a device of " + topologyFile
                    + ": compare its resource and nodeLabel with the job's accelerator and the nodes' labels.");
        }
        return topology;
    }

    /// The room that there would be if nothing else ran on the nodes.
    private static Capacity room(PipelineJob job, Path nodes) throws UserError, IOException {
        PodSettings anywhere = new PodSettings("", () -> "", "", ARCHITECTURES, Duration.ZERO);
        try {
            return FreeSlots.find(
                    ClusterNodes.read(nodes).stream().map(NodeFacts::of).toList(),
                    List.of(),
                    "",
                    SlotNeeds.of(new SlotPods(job, anywhere).unpinned(), ARCHITECTURES),
                    Set.of());
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }

    static <T extends HasMetadata> T admitted(Verdict<T> verdict) throws UserError {
        return switch (verdict) {
            case Verdict.Admitted<T> admitted -> admitted.resource();
            case Verdict.Refused<T> refused -> throw new UserError(refused.sentences());
        };
    }

    private int show(PlanningOutcome.Planned planned) throws IOException {
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        new PlanTable(planned).lines().forEach(out::println);
        if (output != null) {
            Files.writeString(output, PlacementJson.writePlan(planned.plan()));
        }
        if (svg != null) {
            Files.writeString(
                    svg,
                    PlacementDrawing.svg(planned.graph(), planned.topology(), planned.plan(), planned.simulated()));
        }
        out.flush();
        return ExitCode.DONE;
    }
}
