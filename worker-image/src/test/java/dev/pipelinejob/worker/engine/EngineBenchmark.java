package dev.pipelinejob.worker.engine;

import com.sun.management.OperatingSystemMXBean;
import dev.pipelinejob.worker.engine.EngineSpec.ModelSpec.Gpt;
import dev.pipelinejob.worker.engine.EngineSpec.OptimizerSpec.AdamW;
import dev.pipelinejob.worker.engine.Pipeline.Job;
import dev.pipelinejob.worker.engine.Pipeline.Placed;
import dev.pipelinejob.worker.engine.torch.TorchEngine;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/// CPU milliseconds of one training step of one process, as `benchmarks/engine/pytorch.py` measures them in Python.
///
/// Arguments: layers width heads contextLength microBatchSize microBatches dropout warmUpSteps steps
final class EngineBenchmark {
    private static final int VOCABULARY = 256;

    private EngineBenchmark() {}

    public static void main(String[] arguments) {
        int[] sizes = List.of(arguments).stream()
                .mapToInt(text -> (int) Double.parseDouble(text))
                .toArray();
        Gpt gpt = new Gpt(sizes[0], sizes[1], sizes[2], sizes[3], VOCABULARY, Double.parseDouble(arguments[6]), true);
        Job job = new Job(gpt, new AdamW(0.9, 0.999, 1e-8, 0.1), sizes[4], sizes[5], 1);
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (Pipeline pipeline =
                new Pipeline(TorchEngine::new, job, List.of(new Placed(0, 0, gpt.layers() + 2)), false)) {
            int step = 0;
            while (step < sizes[7]) {
                pipeline.step(++step, 1e-3);
            }
            long before = process.getProcessCpuTime();
            double loss = 0;
            while (step < sizes[7] + sizes[8]) {
                loss = pipeline.step(++step, 1e-3);
            }
            double millis = (process.getProcessCpuTime() - before) / 1e6 / sizes[8];
            System.out.printf(
                    Locale.ROOT,
                    "%.2f %.4f %s%n",
                    millis,
                    loss,
                    pipeline.engineOf(0).describe().fingerprint());
        }
    }
}
