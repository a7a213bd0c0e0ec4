package dev.pipelinejob.protocol;

import dev.pipelinejob.house.ModuleArchitecture;
import java.util.List;
import java.util.Map;

/// The layer table of this module, as docs/architecture.md draws it.
class ArchitectureTest extends ModuleArchitecture {
    private static final String ROOT = "dev.pipelinejob.protocol";
    private static final Map<String, List<String>> LAYERS = Map.ofEntries(
            Map.entry("plan", List.of()),
            Map.entry("control", List.of("plan")),
            Map.entry("engine", List.of("control", "plan")),
            Map.entry("tensor", List.of()),
            Map.entry("identity", List.of()));

    ArchitectureTest() {
        super(ROOT, LAYERS, List.of());
    }
}
