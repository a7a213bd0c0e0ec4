package dev.pipelinejob.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pipelinejob.protocol.plan.JobSpec;
import dev.pipelinejob.worker.engine.StageEngine;
import dev.pipelinejob.worker.engine.profile.LayerProfile;
import dev.pipelinejob.worker.engine.profile.LayerProfiler;
import dev.pipelinejob.worker.runtime.EngineSpecs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Supplier;

/// `profile`: measures a model layer by layer; a `JobSpec` on standard input, JSON on standard output.
///
/// Such a process is started as a supervisor is, without the engine's native libraries, so it hands its standard
/// streams to a child that has them.
final class ProfileProcess {
    private static final int ROUNDS = 20;

    /// What is written: one entry a layer, in order.
    private record Measurements(List<LayerProfile> layers) {}

    private ProfileProcess() {}

    /// Starts the child and answers its exit code.
    static int delegate() throws IOException, InterruptedException {
        ProcessBuilder child = new ProcessBuilder(EngineCommand.line(List.of(), "measure")).inheritIO();
        child.environment().put("OPENBLAS_NUM_THREADS", "1");
        return child.start().waitFor();
    }

    /// Measures in this process.
    ///
    /// @throws IllegalArgumentException when the model cannot be built
    static void measure(InputStream job, OutputStream measurements, Supplier<StageEngine> engines) throws IOException {
        JobSpec spec = JobSpec.parseFrom(job);
        try (StageEngine engine = engines.get()) {
            List<LayerProfile> layers = new LayerProfiler(engine, ROUNDS).profile(EngineSpecs.ofWholeModel(spec));
            new ObjectMapper().writeValue(measurements, new Measurements(layers));
        }
    }
}
