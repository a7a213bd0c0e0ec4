package dev.pipelinejob.operator.local;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.operator.drive.EdgeTraffic;
import dev.pipelinejob.operator.drive.Recovery;
import java.util.List;

/// What stands in `status.json`: the resource's status, and what only one machine can tell.
///
/// @param status as the resource would have it
/// @param message where the job stands, in words
/// @param workers the processes
/// @param edges what flows between the workers of the newest attempt
/// @param recoveries where the time of the last recoveries went
/// @param driverPid the process that wrote this
public record LocalStatus(
        @JsonUnwrapped PipelineJobStatus status,
        String message,
        List<Worker> workers,
        List<EdgeTraffic.Edge> edges,
        List<Recovery> recoveries,
        long driverPid) {
    public LocalStatus {
        workers = List.copyOf(workers);
        edges = List.copyOf(edges);
        recoveries = List.copyOf(recoveries);
    }

    /// One slot's processes.
    ///
    /// @param rank its number in the newest attempt; -1 when it has none
    /// @param slot the slot's number
    /// @param incarnation the n-th supervisor process of the slot
    /// @param stages the stages that it holds
    /// @param pid the engine process, which computes; 0 while there is none
    /// @param supervisorPid the process that watches the engine; 0 while there is none
    /// @param standby whether a second engine waits to take over
    /// @param attempt the attempt that it holds; 0 when it holds none
    /// @param state in one word
    /// @param step its last completed step
    public record Worker(
            int rank,
            int slot,
            int incarnation,
            List<Integer> stages,
            long pid,
            long supervisorPid,
            boolean standby,
            int attempt,
            String state,
            int step) {
        public Worker {
            stages = List.copyOf(stages);
        }
    }
}
