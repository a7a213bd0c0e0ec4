package dev.pipelinejob.worker.engine.torch;

import dev.pipelinejob.worker.engine.StageEngine;
import dev.pipelinejob.worker.engine.StageEngineConformance;

class TorchEngineConformanceIT extends StageEngineConformance {
    @Override
    protected StageEngine newEngine() {
        return new TorchEngine();
    }
}
