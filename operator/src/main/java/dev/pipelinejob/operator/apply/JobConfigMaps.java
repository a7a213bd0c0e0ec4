package dev.pipelinejob.operator.apply;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.drive.JournalStore;
import dev.pipelinejob.operator.drive.SlotDriver.Claim;
import dev.pipelinejob.operator.lifecycle.Journal;
import dev.pipelinejob.operator.planning.AttemptRecord;
import dev.pipelinejob.operator.workers.AttemptConfigMaps;
import dev.pipelinejob.operator.workers.AttemptConfigMaps.SeatedPod;
import dev.pipelinejob.operator.workers.JournalConfigMaps;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A job's attempts and its journal, as ConfigMaps. Attempts are created once and never changed, the last ones are
/// kept; the journal is written over the version that was read, so that of two operators only one can go on.
public final class JobConfigMaps implements JournalStore {
    /// So many attempts are kept.
    private static final int KEPT_ATTEMPTS = 10;

    private final NonNamespaceOperation<ConfigMap, ConfigMapList, Resource<ConfigMap>> configMaps;
    private final PipelineJob job;
    /// Written into the journal, so that taking it over changes it and its version.
    private final String driver = UUID.randomUUID().toString();
    private @Nullable String journalVersion;

    public JobConfigMaps(KubernetesClient client, PipelineJob job) {
        this.configMaps = client.configMaps().inNamespace(job.getMetadata().getNamespace());
        this.job = job;
    }

    @Override
    public Journal read() throws IOException {
        ConfigMap found = configMaps
                .withName(JournalConfigMaps.name(job.getMetadata().getName()))
                .get();
        Journal journal = Journal.EMPTY;
        if (found != null) {
            requireOurs(found);
            journalVersion = found.getMetadata().getResourceVersion();
            journal = JournalConfigMaps.read(found);
        }
        if (!save(journal)) {
            throw new IOException("Another operator wrote the journal of job "
                    + job.getMetadata().getName() + " while this one took it over; it is tried again.");
        }
        return journal;
    }

    @Override
    public boolean save(Journal journal) {
        Resource<ConfigMap> wanted = configMaps.resource(JournalConfigMaps.of(job, journal, driver, journalVersion));
        try {
            ConfigMap saved = journalVersion == null ? wanted.create() : wanted.update();
            journalVersion = saved.getMetadata().getResourceVersion();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /// Creates the record of an attempt, exclusively.
    ///
    /// @param seats who fills its ranks, for people
    Claim claim(AttemptRecord wanted, List<SeatedPod> seats) throws IOException {
        ConfigMap claim = AttemptConfigMaps.of(job, wanted, seats);
        try {
            configMaps.resource(claim).create();
        } catch (KubernetesClientException e) {
            ConfigMap standing = e.getCode() == HttpURLConnection.HTTP_CONFLICT
                    ? configMaps.withName(claim.getMetadata().getName()).get()
                    : null;
            if (standing == null) {
                throw e;
            }
            requireOurs(standing);
            return new Claim.Taken(AttemptConfigMaps.read(standing));
        }
        forgetOld(wanted.attempt());
        return new Claim.Created(wanted);
    }

    private void forgetOld(int newest) throws IOException {
        for (ConfigMap old : list()) {
            if (AttemptConfigMaps.read(old).attempt() <= newest - KEPT_ATTEMPTS) {
                configMaps.resource(old).delete();
            }
        }
    }

    /// The records that are kept, oldest first.
    List<AttemptRecord> attempts() throws IOException {
        List<AttemptRecord> records = new ArrayList<>();
        for (ConfigMap configMap : list()) {
            records.add(AttemptConfigMaps.read(configMap));
        }
        records.sort(Comparator.comparingInt(AttemptRecord::attempt));
        return records;
    }

    private List<ConfigMap> list() {
        return configMaps
                .withLabels(AttemptConfigMaps.selector(job.getMetadata().getUid()))
                .list()
                .getItems()
                .stream()
                .filter(AttemptConfigMaps::isAttempt)
                .toList();
    }

    /// A job that was deleted and made again under the same name is another one; its children go with it, soon.
    private void requireOurs(ConfigMap found) throws IOException {
        boolean ours = found.getMetadata().getOwnerReferences().stream()
                .map(OwnerReference::getUid)
                .anyMatch(job.getMetadata().getUid()::equals);
        if (!ours) {
            throw new IOException("ConfigMap " + found.getMetadata().getNamespace() + "/"
                    + found.getMetadata().getName() + " is there and belongs to something else than job "
                    + job.getMetadata().getName() + ": delete it unless that is being deleted itself.");
        }
    }
}
