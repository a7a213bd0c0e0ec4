package dev.pipelinejob.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.pipelinejob.house.HouseRules;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The layer table of this module, as docs/architecture.md draws it.
class ArchitectureTest {
    private static final String ROOT = "dev.pipelinejob.worker";
    private static final Map<String, List<String>> LAYERS = Map.ofEntries(
            Map.entry("", List.of("*")),
            Map.entry("engine", List.of()),
            Map.entry("schedule", List.of()),
            Map.entry("config", List.of()),
            Map.entry("stage", List.of("engine", "schedule")),
            Map.entry("data", List.of("engine")),
            Map.entry("checkpoint", List.of("engine", "stage")),
            Map.entry("transport", List.of("engine", "config")),
            Map.entry("telemetry", List.of("schedule")),
            Map.entry(
                    "runtime",
                    List.of("schedule", "stage", "checkpoint", "transport", "data", "engine", "telemetry", "config")),
            Map.entry("supervisor", List.of("checkpoint", "telemetry", "config")));
    private static final List<String> ELSEWHERE = List.of("dev.pipelinejob.protocol..");
    private static final String[] WIRING = {"dev.pipelinejob.worker"};

    private final JavaClasses classes = HouseRules.productionClasses(ROOT);

    @Test
    void importsGoOneWay() {
        HouseRules.layers(ROOT, LAYERS, ELSEWHERE).forEach(rule -> rule.check(classes));
        HouseRules.requireEveryPackageListed(classes, ROOT, LAYERS);
    }

    @Test
    void packagesFormNoCycle() {
        HouseRules.noCycles(ROOT).check(classes);
    }

    @Test
    void namesAreHonest() {
        HouseRules.honestNames().check(classes);
    }

    @Test
    void clockAndEnvironmentComeThroughConstructors() {
        HouseRules.clockAndEnvironmentComeThroughConstructors(WIRING).check(classes);
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
