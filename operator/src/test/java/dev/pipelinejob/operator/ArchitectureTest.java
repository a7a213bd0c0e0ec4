package dev.pipelinejob.operator;

import dev.pipelinejob.house.ModuleArchitecture;
import java.util.List;
import java.util.Map;

/// The layer table of this module, as docs/architecture.md draws it.
class ArchitectureTest extends ModuleArchitecture {
    private static final String ROOT = "dev.pipelinejob.operator";
    private static final Map<String, List<String>> LAYERS = Map.ofEntries(
            Map.entry("", List.of("*")),
            Map.entry("cli", List.of("*")),
            Map.entry("lifecycle", List.of()),
            Map.entry("config", List.of()),
            Map.entry("admission", List.of("config")),
            Map.entry("identity", List.of("config")),
            Map.entry("telemetry", List.of("config")),
            Map.entry("planning", List.of("lifecycle", "config")),
            Map.entry("monitor", List.of("lifecycle", "identity", "config", "telemetry")),
            Map.entry("workers", List.of("lifecycle", "planning")),
            Map.entry("observe", List.of("lifecycle", "planning")),
            Map.entry("status", List.of("lifecycle", "planning")),
            Map.entry("drive", List.of("lifecycle", "planning", "monitor", "identity", "status", "config")),
            Map.entry("apply", List.of("drive", "observe", "workers", "lifecycle", "planning", "identity", "config")),
            Map.entry(
                    "reconcile",
                    List.of(
                            "apply",
                            "drive",
                            "observe",
                            "workers",
                            "lifecycle",
                            "planning",
                            "monitor",
                            "status",
                            "telemetry",
                            "config")),
            Map.entry("controller", List.of("*")),
            Map.entry(
                    "local",
                    List.of(
                            "drive",
                            "lifecycle",
                            "planning",
                            "monitor",
                            "identity",
                            "status",
                            "admission",
                            "config",
                            "telemetry")));

    ArchitectureTest() {
        super(
                ROOT,
                LAYERS,
                List.of("dev.pipelinejob.api..", "dev.pipelinejob.protocol..", "dev.pipelinejob.placement.."),
                "dev.pipelinejob.operator",
                "dev.pipelinejob.operator.cli..");
    }
}
