package dev.pipelinejob.operator.cluster;

import dev.pipelinejob.api.ApiNames;
import dev.pipelinejob.api.WorkerPodNames;
import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Scheduler and kubelet of all nodes: binds each pod to the node that it is held to, runs its container `worker` as a
/// process, and says in the pod's status what becomes of it.
public final class MiniKubelet implements AutoCloseable, ResourceEventHandler<Pod> {
    private static final long LEAST_GRACE_SECONDS = 2;

    private final KubernetesClient client;
    private final List<String> command;
    private final Path folder;
    private final String operatorAddress;
    private final Map<String, Process> byUid = new ConcurrentHashMap<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final SharedIndexInformer<Pod> informer;

    /// @param command what the workers' image would run
    /// @param folder of the nodes' file systems
    /// @param operatorAddress where the control Service leads to
    public MiniKubelet(KubernetesClient client, List<String> command, Path folder, String operatorAddress) {
        this.client = client;
        this.command = List.copyOf(command);
        this.folder = folder;
        this.operatorAddress = operatorAddress;
        this.informer = client.pods().inAnyNamespace().inform(this);
    }

    /// The processes that run now.
    public long running() {
        return byUid.values().stream().filter(Process::isAlive).count();
    }

    /// Ends the process of a pod as nobody would.
    public void kill(Pod pod) {
        Process process = byUid.get(pod.getMetadata().getUid());
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Override
    public void onAdd(Pod pod) {
        executor.execute(() -> run(pod));
    }

    @Override
    public void onUpdate(Pod old, Pod pod) {
        if (pod.getMetadata().getDeletionTimestamp() != null
                && old.getMetadata().getDeletionTimestamp() == null) {
            executor.execute(() -> end(pod));
        }
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
        Process process = byUid.remove(pod.getMetadata().getUid());
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private void run(Pod pod) {
        try {
            bind(pod);
            Process process = start(pod);
            byUid.put(pod.getMetadata().getUid(), process);
            report(
                    pod,
                    new PodStatusBuilder()
                            .withPhase("Running")
                            .withPodIP("127.0.0.1")
                            .withContainerStatuses(new ContainerStatusBuilder()
                                    .withName(WorkerPodNames.CONTAINER)
                                    .withImage("worker")
                                    .withImageID("worker")
                                    .withReady(true)
                                    .withRestartCount(0)
                                    .withNewState()
                                    .withNewRunning(Instant.now().toString())
                                    .endState()
                                    .build()));
            int exitCode = process.waitFor();
            report(
                    pod,
                    new PodStatusBuilder()
                            .withPhase(exitCode == 0 ? "Succeeded" : "Failed")
                            .withContainerStatuses(new ContainerStatusBuilder()
                                    .withName(WorkerPodNames.CONTAINER)
                                    .withImage("worker")
                                    .withImageID("worker")
                                    .withReady(false)
                                    .withRestartCount(0)
                                    .withNewState()
                                    .withNewTerminated()
                                    .withExitCode(exitCode)
                                    .withReason(exitCode == 0 ? "Completed" : "Error")
                                    .endTerminated()
                                    .endState()
                                    .build()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (KubernetesClientException _) {
            // The pod is gone already, or the test has ended.
        }
    }

    private void bind(Pod pod) {
        String node = pod
                .getSpec()
                .getAffinity()
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms()
                .getFirst()
                .getMatchFields()
                .stream()
                .map(NodeSelectorRequirement::getValues)
                .findFirst()
                .orElseThrow()
                .getFirst();
        Binding binding = new BindingBuilder()
                .withNewMetadata()
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .endMetadata()
                .withNewTarget()
                .withKind("Node")
                .withName(node)
                .endTarget()
                .build();
        client.bindings()
                .inNamespace(pod.getMetadata().getNamespace())
                .resource(binding)
                .create();
    }

    private Process start(Pod pod) throws IOException {
        String uid = pod.getMetadata().getUid();
        Path token = Files.writeString(folder.resolve(uid + ".token"), token(pod));
        Map<String, String> environment = new TreeMap<>();
        for (EnvVar variable : pod.getSpec().getContainers().getFirst().getEnv()) {
            if (variable.getValue() != null) {
                environment.put(variable.getName(), variable.getValue());
            }
        }
        environment.put(WorkerPodNames.TOKEN_FILE, token.toString());
        environment.put(WorkerPodNames.TENSOR_HOST, "127.0.0.1");
        environment.put(WorkerPodNames.OPERATOR_ADDRESS, operatorAddress);
        environment.put("FAKE_ROOT", folder.toString());
        Path own = Files.createDirectories(folder.resolve(uid));
        environment.put(WorkerPodNames.LOG_DIRECTORY, own.toString());
        environment.put(WorkerPodNames.CACHE_DIRECTORY, own.toString());
        environment.put(
                WorkerPodNames.TERMINATION_FILE, own.resolve("last-words").toString());
        environment.put("PIPELINEJOB_RANK_FILE", own.resolve("rank.env").toString());
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(environment);
        File log = folder.resolve(pod.getMetadata().getName() + ".log").toFile();
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    /// What the pod's projected volume would hold.
    private String token(Pod pod) {
        TokenRequest wanted = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(ApiNames.GROUP)
                .withNewBoundObjectRef()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endBoundObjectRef()
                .endSpec()
                .build();
        return client.serviceAccounts()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName("default")
                .tokenRequest(wanted)
                .getStatus()
                .getToken();
    }

    private void report(Pod pod, PodStatusBuilder status) {
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .editStatus(now -> new PodBuilder(now)
                        .withStatus(status.withHostIP("127.0.0.1").build())
                        .build());
    }

    private void end(Pod pod) {
        Process process = byUid.get(pod.getMetadata().getUid());
        try {
            if (process != null) {
                process.destroy();
                if (!process.waitFor(graceSeconds(pod), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
            client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .withGracePeriod(0)
                    .delete();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (KubernetesClientException _) {
            // It is gone already.
        }
    }

    private static long graceSeconds(Pod pod) {
        Long asked = pod.getMetadata().getDeletionGracePeriodSeconds();
        return asked == null ? LEAST_GRACE_SECONDS : Math.max(LEAST_GRACE_SECONDS, asked);
    }

    @Override
    public void close() {
        informer.stop();
        byUid.values().forEach(Process::destroyForcibly);
        executor.shutdownNow();
    }
}
