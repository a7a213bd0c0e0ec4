package dev.pipelinejob.api;

import dev.pipelinejob.house.ModuleArchitecture;
import java.util.List;
import java.util.Map;

/// The layer table of this module, as docs/architecture.md draws it.
class ArchitectureTest extends ModuleArchitecture {
    private static final String ROOT = "dev.pipelinejob.api";
    private static final Map<String, List<String>> LAYERS =
            Map.ofEntries(Map.entry("", List.of()), Map.entry("v1alpha1", List.of("")));

    ArchitectureTest() {
        super(ROOT, LAYERS, List.of());
    }
}
