package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.WorkerNames;
import dev.pipelinejob.operator.monitor.WorkerKey;
import dev.pipelinejob.operator.planning.JobTranslation;
import dev.pipelinejob.protocol.identity.SpiffeId;

/// Workers of this machine: they share its file system, and their names follow from their numbers.
record LocalWorkerNames(LocalSetup setup, LocalJob local) implements WorkerNames {
    @Override
    public JobTranslation.JobName job() {
        return local.jobName();
    }

    @Override
    public JobTranslation.WorkerPaths paths() {
        return setup.paths();
    }

    @Override
    public SpiffeId.Worker identity(WorkerKey worker) {
        return local.identity(worker);
    }
}
