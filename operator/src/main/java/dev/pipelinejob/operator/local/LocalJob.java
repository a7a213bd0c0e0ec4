package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.monitor.Membership;
import dev.pipelinejob.operator.monitor.WorkerKey;
import dev.pipelinejob.operator.planning.JobTranslation;
import dev.pipelinejob.protocol.identity.SpiffeId;
import java.nio.file.Path;
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

    /// What a supervisor is told through its environment.
    Map<String, String> environment(WorkerKey worker, Path token, int controlPort) {
        return Map.of(
                "PIPELINEJOB_OPERATOR_ADDRESS", "127.0.0.1:" + controlPort,
                "PIPELINEJOB_NAMESPACE", namespace,
                "PIPELINEJOB_JOB_UID", uid,
                "PIPELINEJOB_SLOT", Integer.toString(worker.slot()),
                "PIPELINEJOB_INCARNATION", Integer.toString(worker.incarnation()),
                "PIPELINEJOB_TOKEN_FILE", token.toString(),
                "PIPELINEJOB_TRUST_FILE", folder.secrets().resolve("ca.der").toString());
    }
}
