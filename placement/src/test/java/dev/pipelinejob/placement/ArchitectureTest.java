package dev.pipelinejob.placement;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.pipelinejob.house.ModuleArchitecture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The layer table of this module, as docs/architecture.md draws it.
class ArchitectureTest extends ModuleArchitecture {
    private static final String ROOT = "dev.pipelinejob.placement";
    private static final Map<String, List<String>> LAYERS = Map.ofEntries(
            Map.entry("graph", List.of()),
            Map.entry("workload", List.of("topology")),
            Map.entry("partition", List.of("workload", "topology")),
            Map.entry("partition.tree", List.of("workload", "topology", "partition")),
            Map.entry("partition.scattered", List.of("workload", "partition")),
            Map.entry("partition.latency", List.of("workload", "partition")),
            Map.entry("partition.phases", List.of("workload", "partition")),
            Map.entry("partition.rules", List.of("workload", "partition")),
            Map.entry("partition.failure", List.of("workload", "topology", "partition", "partition.tree")),
            Map.entry("partition.cpsat", List.of("partition", "partition.scattered")),
            Map.entry("replication", List.of("workload", "partition")),
            Map.entry("replication.verify", List.of("workload")),
            Map.entry("partition.verify", List.of("workload", "topology")),
            Map.entry("topology", List.of()),
            Map.entry("plan", List.of("graph", "topology")),
            Map.entry("schedule", List.of("graph", "topology", "plan")),
            Map.entry("cost", List.of("graph", "topology", "plan", "schedule")),
            Map.entry("simulate", List.of("graph", "topology", "plan", "schedule", "cost")),
            Map.entry("solve", List.of("graph", "topology", "plan", "schedule", "cost", "simulate")),
            Map.entry("format", List.of("graph", "topology", "plan", "schedule", "cost", "simulate", "solve")),
            Map.entry(
                    "draw", List.of("workload", "graph", "topology", "plan", "schedule", "cost", "simulate", "solve")));

    ArchitectureTest() {
        super(ROOT, LAYERS, List.of());
    }

    @Test
    void onlyTheFormatsKnowJackson() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".format", ROOT + ".workload")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml..")
                .because("graphs, topologies and plans are plain data everywhere else")
                .check(classes);
    }

    @Test
    void onlyOnePackageKnowsTheNativeSolver() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".partition.cpsat")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.ortools..")
                .because("the planner must work where the native library is missing")
                .check(classes);
    }
}
