package dev.pipelinejob.operator.apply;

import dev.pipelinejob.api.v1alpha1.PipelineJob;
import dev.pipelinejob.operator.cluster.MiniKubelet;
import dev.pipelinejob.operator.cluster.TestCluster;
import dev.pipelinejob.operator.cluster.TestJobs;
import dev.pipelinejob.operator.drive.DriverContract;
import dev.pipelinejob.operator.drive.SlotDriver;
import dev.pipelinejob.operator.workers.PodSettings;
import dev.pipelinejob.operator.workers.SlotPods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The driver with pods keeps the contract, on a real API server.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodSlotsIT extends DriverContract {
    private static final PodSettings SETTINGS =
            new PodSettings("127.0.0.1:1", () -> "", "worker", Set.of("amd64"), Duration.ofMinutes(1));

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private TestCluster cluster;
    private MiniKubelet kubelet;
    private SharedIndexInformer<Pod> pods;
    private PipelineJob job;
    private int jobs;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        cluster = TestCluster.start();
        cluster.addNode("node-1", 8);
        kubelet = new MiniKubelet(cluster.client(), List.of("/bin/sleep", "60"), folder, "");
        pods = cluster.client().pods().inAnyNamespace().inform();
    }

    @BeforeEach
    void createJob() {
        jobs++;
        job = TestJobs.create(cluster.client(), "sample-" + jobs, 100);
    }

    @AfterEach
    void leaveNothingRunning() {
        cluster.client().pods().inNamespace("default").withGracePeriod(0).delete();
    }

    @AfterAll
    void stop() {
        kubelet.close();
        executor.shutdownNow();
        cluster.close();
    }

    @Override
    protected String node() {
        return "node-1";
    }

    @Override
    protected SlotDriver driver() throws IOException {
        PodSlots slots = new PodSlots(
                new PodSlots.Kubernetes(
                        () -> List.copyOf(pods.getStore().list()), new PodWriter(cluster.client(), executor), () -> {}),
                new SlotPods(job, SETTINGS),
                new JobConfigMaps(cluster.client(), job),
                Clock.systemUTC());
        slots.adopt();
        return slots;
    }

    @Override
    protected int running(int slot) {
        return Math.toIntExact(kubelet.running());
    }
}
