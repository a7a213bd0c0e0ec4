package dev.pipelinejob.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.pipelinejob.house.ModuleArchitecture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The layer table of this module, as docs/architecture.md draws it.
class ArchitectureTest extends ModuleArchitecture {
    private static final String ROOT = "dev.pipelinejob.worker";
    private static final Map<String, List<String>> LAYERS = Map.ofEntries(
            Map.entry("", List.of("*")),
            Map.entry("engine", List.of()),
            Map.entry("schedule", List.of()),
            Map.entry("config", List.of()),
            Map.entry("logging", List.of()),
            Map.entry("stage", List.of("engine", "schedule")),
            Map.entry("data", List.of("engine")),
            Map.entry("checkpoint", List.of("engine", "stage")),
            Map.entry("transport", List.of("engine", "config")),
            Map.entry("telemetry", List.of("schedule")),
            Map.entry(
                    "runtime",
                    List.of("schedule", "stage", "checkpoint", "transport", "data", "engine", "telemetry", "config")),
            Map.entry("supervisor", List.of("checkpoint", "telemetry", "config")));

    ArchitectureTest() {
        super(ROOT, LAYERS, List.of("dev.pipelinejob.protocol.."), "dev.pipelinejob.worker");
    }

    @Test
    void onlyTheTorchEngineKnowsLibtorch() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".engine.torch")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .because("an engine is one package behind the contract: nothing else knows what computes")
                .check(classes);
    }
}
