package dev.pipelinejob.worker.runtime;

import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.worker.checkpoint.CheckpointStore;
import dev.pipelinejob.worker.checkpoint.LossSegment;
import dev.pipelinejob.worker.data.BatchSampler;
import dev.pipelinejob.worker.data.TokenSource;
import dev.pipelinejob.worker.engine.StageEngine;
import dev.pipelinejob.worker.schedule.StageLayout;
import dev.pipelinejob.worker.schedule.WorkerSchedule;
import dev.pipelinejob.worker.transport.TensorChannel;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All that the operations of a prepared attempt work with.
///
/// @param request what the operator asked for
/// @param schedule its lists, checked
/// @param engine holds this worker's stages, loaded
/// @param channel connected to the peers
/// @param tokens the data
/// @param sampler draws batches from the data
/// @param store where checkpoints go
/// @param losses this attempt's segment
/// @param receiveLimit longest wait for one message
/// @param faults told of every place that the attempt passes
record AttemptContext(
        Prepare request,
        WorkerSchedule schedule,
        StageEngine engine,
        TensorChannel channel,
        TokenSource tokens,
        BatchSampler sampler,
        CheckpointStore store,
        LossSegment losses,
        Duration receiveLimit,
        FaultPoint faults)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptContext.class);

    StageLayout layout() {
        return schedule.layout();
    }

    int attempt() {
        return request.getAttempt();
    }

    void pass(String place, int step) {
        faults.pass(place, step, request.getRank(), request.getAttempt());
    }

    int microBatches() {
        return schedule.microBatches();
    }

    @Override
    public void close() {
        channel.close();
        tokens.close();
        try {
            losses.close();
        } catch (IOException e) {
            // Its rows are in the file since append, and durable since sync.
            LOG.atWarn().addKeyValue("attempt", attempt()).setCause(e).log("The losses' file could not be closed.");
        }
    }
}
