package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.monitor.Membership;
import dev.pipelinejob.operator.monitor.WorkerKey;
import dev.pipelinejob.operator.planning.JobTranslation;
import dev.pipelinejob.protocol.identity.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One job on this machine: its names, and how a worker is told who it is.
///
/// @param folder where it lies
/// @param namespace the job's namespace
/// @param name the job's name
/// @param uid made on the first run and kept in the folder
public record LocalJob(JobFolder folder, String namespace, String name, String uid) implements Membership {
    /// So long workers train on without a driver.
    private static final Duration ORPHAN_LIMIT = Duration.ofMinutes(10);

    private static final Pattern POD = Pattern.compile("slot-(\\d{1,6})-(\\d{1,6})");

    JobTranslation.JobName jobName() {
        return new JobTranslation.JobName(namespace, name, uid);
    }

    WorkerKey worker(int slot, int incarnation) {
        return new WorkerKey(uid, slot, incarnation);
    }

    /// On one machine the number of slot and incarnation stand for a pod's UID.
    SpiffeId.Worker identity(WorkerKey worker) {
        return new SpiffeId.Worker(namespace, uid, "slot-" + worker.slot() + "-" + worker.incarnation());
    }

    @Override
    public @Nullable WorkerKey workerOf(SpiffeId.Worker identity) {
        Matcher pod = POD.matcher(identity.podUid());
        if (!identity.namespace().equals(namespace) || !identity.jobUid().equals(uid) || !pod.matches()) {
            return null;
        }
        int incarnation = Integer.parseInt(pod.group(2));
        return incarnation == 0 ? null : new WorkerKey(uid, Integer.parseInt(pod.group(1)), incarnation);
    }

    /// What a supervisor is told through its environment. The address stands in a file, which it reads again before
    /// each connection: so it finds the next driver too.
    Map<String, String> environment(WorkerKey worker, Path token) {
        return Map.ofEntries(
                Map.entry("PIPELINEJOB_OPERATOR_ADDRESS_FILE", folder.address().toString()),
                Map.entry("PIPELINEJOB_NAMESPACE", namespace),
                Map.entry("PIPELINEJOB_JOB_UID", uid),
                Map.entry("PIPELINEJOB_SLOT", Integer.toString(worker.slot())),
                Map.entry("PIPELINEJOB_INCARNATION", Integer.toString(worker.incarnation())),
                Map.entry("PIPELINEJOB_TOKEN_FILE", token.toString()),
                Map.entry(
                        "PIPELINEJOB_TRUST_FILE",
                        folder.secrets().resolve("ca.der").toString()),
                Map.entry(
                        "PIPELINEJOB_CHECKPOINT_DIRECTORY", folder.checkpoints().toString()),
                Map.entry("PIPELINEJOB_LOG_DIRECTORY", folder.logs().toString()),
                Map.entry("PIPELINEJOB_STANDBY", "true"),
                Map.entry("PIPELINEJOB_ORPHAN_SECONDS", Long.toString(ORPHAN_LIMIT.toSeconds())));
    }
}
