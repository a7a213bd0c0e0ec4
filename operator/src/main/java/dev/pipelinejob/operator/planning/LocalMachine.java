package dev.pipelinejob.operator.planning;

import dev.pipelinejob.api.v1alpha1.InterconnectTopologySpec;
import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import dev.pipelinejob.placement.topology.Domain;
import dev.pipelinejob.placement.topology.Slot;
import dev.pipelinejob.placement.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One machine as slots for workers: all of them share its cores and its memory.
///
/// @param cores its processors
/// @param memoryBytes the memory that all workers together may fill
public record LocalMachine(int cores, long memoryBytes) {
    /// What the loopback interface carries between two processes, per direction; measured values lie above it.
    private static final double LOOPBACK_BYTES_PER_SECOND = 1.0e9;

    private static final double LOOPBACK_LATENCY_MICROS = 200;

    public LocalMachine {
        if (cores < 1 || memoryBytes < 1) {
            throw new IllegalArgumentException(
                    "A machine with " + cores + " cores and " + memoryBytes + " bytes of memory: both are at least 1.");
        }
    }

    /// The slots of this machine for a job: as many as the job may have stages, else one a core.
    ///
    /// @param given the device figures to use instead of this machine's own; null to use those
    public Topology topology(PipelineJobSpec spec, @Nullable InterconnectTopologySpec given) {
        int count = slotCount(spec);
        InterconnectTopologySpec.@Nullable Device device =
                given == null ? null : given.devices().getFirst();
        List<Slot> slots = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            slots.add(slot(number, count, device));
        }
        return new Topology(new Domain(
                "this-machine", Topology.HOST_LEVEL, Double.POSITIVE_INFINITY, 0, cores, List.copyOf(slots)));
    }

    private Slot slot(int number, int count, InterconnectTopologySpec.@Nullable Device device) {
        String name = "slot-" + number;
        if (device == null) {
            long memory = Math.max(1, memoryBytes / count);
            return new Slot(name, LOOPBACK_BYTES_PER_SECOND, LOOPBACK_LATENCY_MICROS, memory, 1);
        }
        return new Slot(
                name,
                device.portBytesPerSecond(),
                LOOPBACK_LATENCY_MICROS,
                device.memoryBytes(),
                Double.parseDouble(device.relativeSpeed()));
    }

    private int slotCount(PipelineJobSpec spec) {
        var stages = spec.pipeline().stages();
        int layers = ModelCosts.layerCount(spec.model());
        if (stages.manual() != null) {
            return stages.manual().size();
        }
        return Math.min(layers, stages.max() != null ? stages.max() : cores);
    }
}
