package dev.pipelinejob.operator.workers;

import dev.pipelinejob.api.ApiNames;
import dev.pipelinejob.api.WorkerPodNames;
import dev.pipelinejob.api.v1alpha1.Data;
import dev.pipelinejob.api.v1alpha1.PipelineJobSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;

/// The operator's own volumes of a worker's pod, and where they are mounted.
final class WorkerVolumes {
    static final String TOKEN_FILE = WorkerPodNames.IDENTITY_PATH + "/token";

    private static final String DATA = WorkerPodNames.VOLUME_PREFIX + "data";
    private static final String CHECKPOINTS = WorkerPodNames.VOLUME_PREFIX + "checkpoints";
    private static final String TEMPORARY = WorkerPodNames.VOLUME_PREFIX + "tmp";
    private static final String IDENTITY = WorkerPodNames.VOLUME_PREFIX + "identity";

    /// Logs, sockets and caches; a worker that writes more than this has gone wrong.
    private static final Quantity TEMPORARY_LIMIT = new Quantity("4Gi");
    /// The kubelet renews the token long before its end, and the worker reads it each time.
    private static final long TOKEN_SECONDS = 3600;

    private WorkerVolumes() {}

    static List<Volume> of(PipelineJobSpec spec) {
        List<Volume> volumes = new ArrayList<>();
        Data.Source source = spec.data().text().source();
        if (source != null) {
            volumes.add(data(source));
        }
        dev.pipelinejob.api.v1alpha1.Volume store = spec.checkpoint().store();
        if (store != null) {
            volumes.add(new VolumeBuilder()
                    .withName(CHECKPOINTS)
                    .withNewPersistentVolumeClaim(store.persistentVolumeClaim().claimName(), null)
                    .build());
        }
        volumes.add(new VolumeBuilder()
                .withName(TEMPORARY)
                .withNewEmptyDir()
                .withSizeLimit(TEMPORARY_LIMIT)
                .endEmptyDir()
                .build());
        volumes.add(new VolumeBuilder()
                .withName(IDENTITY)
                .withNewProjected()
                .addNewSource()
                .withNewServiceAccountToken(ApiNames.GROUP, TOKEN_SECONDS, "token")
                .endSource()
                .endProjected()
                .build());
        return volumes;
    }

    private static Volume data(Data.Source source) {
        VolumeBuilder volume = new VolumeBuilder().withName(DATA);
        if (source.persistentVolumeClaim() != null) {
            return volume.withNewPersistentVolumeClaim(
                            source.persistentVolumeClaim().claimName(), true)
                    .build();
        }
        return volume.withNewConfigMap()
                .withName(source.configMap() == null ? "" : source.configMap().name())
                .endConfigMap()
                .build();
    }

    static List<VolumeMount> mounts(PipelineJobSpec spec) {
        List<VolumeMount> mounts = new ArrayList<>();
        if (spec.data().text().source() != null) {
            mounts.add(mount(DATA, WorkerPodNames.DATA_PATH, true));
        }
        if (spec.checkpoint().store() != null) {
            mounts.add(mount(CHECKPOINTS, WorkerPodNames.CHECKPOINT_PATH, false));
        }
        mounts.add(mount(TEMPORARY, WorkerPodNames.TEMPORARY_PATH, false));
        mounts.add(mount(IDENTITY, WorkerPodNames.IDENTITY_PATH, true));
        return mounts;
    }

    private static VolumeMount mount(String volume, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(readOnly ? true : null)
                .build();
    }
}
