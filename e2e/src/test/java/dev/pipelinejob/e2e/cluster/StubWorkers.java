package dev.pipelinejob.e2e.cluster;

import com.google.protobuf.ByteString;
import dev.pipelinejob.api.ApiNames;
import dev.pipelinejob.protocol.control.Alive;
import dev.pipelinejob.protocol.control.ControlGrpc;
import dev.pipelinejob.protocol.control.EngineUp;
import dev.pipelinejob.protocol.control.EnrolRequest;
import dev.pipelinejob.protocol.control.EnrolResponse;
import dev.pipelinejob.protocol.control.EnrolmentGrpc;
import dev.pipelinejob.protocol.control.Hello;
import dev.pipelinejob.protocol.control.Inventory;
import dev.pipelinejob.protocol.control.OperatorMessage;
import dev.pipelinejob.protocol.control.Prepare;
import dev.pipelinejob.protocol.control.Progress;
import dev.pipelinejob.protocol.control.Ready;
import dev.pipelinejob.protocol.control.RunningAttempt;
import dev.pipelinejob.protocol.control.WorkerMessage;
import dev.pipelinejob.protocol.control.WorkerPhase;
import dev.pipelinejob.protocol.identity.IdentityCredentials;
import dev.pipelinejob.protocol.identity.MutualTls;
import dev.pipelinejob.protocol.identity.SpiffeId;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/// Speaks for pods that no machine runs: each with a token of its own, a certificate of its own and a control stream of
/// its own, over the real protocol. They are ready at once for whatever they are told, and never complete more than a
/// step.
final class StubWorkers implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int AT_ONCE = 16;
    /// As often as a supervisor says that it is there.
    private static final long ALIVE_SECONDS = 2;
    private static final WorkerMessage ALIVE =
            WorkerMessage.newBuilder().setAlive(Alive.getDefaultInstance()).build();
    /// Before one whose stream ended calls again.
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String DATA_DIGEST = "d".repeat(64);
    private static final String LABELS = "pipelinejob.dev/";
    private static final int MAX_MESSAGE_BYTES = 256 << 20;

    private final KubernetesClient client;
    private final String address;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore room = new Semaphore(AT_ONCE);
    /// One for all: what a key costs is the workers' matter, and none of it is measured here.
    private final KeyPair keys;

    private final byte[] certificateRequest;
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final Map<String, Throwable> failed = new ConcurrentHashMap<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final Set<String> prepared = ConcurrentHashMap.newKeySet();
    private final Set<String> started = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> ended = new ConcurrentSkipListMap<>();
    private final List<Stub> stubs = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService pulse = Executors.newSingleThreadScheduledExecutor();

    /// @param address of the operator that leads
    StubWorkers(KubernetesClient client, String address) throws Exception {
        this.client = client;
        this.address = address;
        KeyPairGenerator generator = KeyPairGenerator.getInstance(IdentityCredentials.KEY_ALGORITHM);
        generator.initialize(new ECGenParameterSpec(IdentityCredentials.CURVE));
        this.keys = generator.generateKeyPair();
        this.certificateRequest = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=worker"), keys.getPublic())
                .build(new JcaContentSignerBuilder(IdentityCredentials.SIGNATURE_ALGORITHM).build(keys.getPrivate()))
                .getEncoded();
        var _ = pulse.scheduleWithFixedDelay(
                () -> stubs.forEach(Stub::sayAlive), ALIVE_SECONDS, ALIVE_SECONDS, TimeUnit.SECONDS);
    }

    /// Opens a stream for each pod; returns when all are open.
    void speakFor(List<Pod> pods) throws Exception {
        for (Pod pod : pods) {
            executor.execute(() -> {
                try {
                    room.acquire();
                    try {
                        open(pod);
                    } finally {
                        room.release();
                    }
                } catch (Exception e) {
                    // The edge of a thread: told by whoever waits for the streams.
                    failed.put(pod.getMetadata().getName(), e);
                }
            });
        }
        int streams = Await.until(
                pods.size() + " streams are open", LIMIT, opened::get, seen -> seen + failed.size() >= pods.size());
        if (streams < pods.size()) {
            throw new AssertionError("Of " + pods.size() + " streams " + failed.size() + " did not open, such as "
                    + failed.entrySet().iterator().next());
        }
    }

    int prepared() {
        return prepared.size();
    }

    int started() {
        return started.size();
    }

    /// How often streams broke or were closed by the operator, by the reason.
    Map<String, Integer> ended() {
        return Map.copyOf(ended);
    }

    private void open(Pod pod) throws Exception {
        MutualTls own = new MutualTls(enrol(pod));
        ManagedChannel channel = Grpc.newChannelBuilder(address, own.channel(StubWorkers::isOperator))
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .directExecutor()
                .build();
        channels.put(pod.getMetadata().getUid(), channel);
        Stub stub = new Stub(pod, channel);
        stub.call();
        stubs.add(stub);
        opened.incrementAndGet();
    }

    private IdentityCredentials enrol(Pod pod) throws Exception {
        ManagedChannel channel = Grpc.newChannelBuilder(
                        address, MutualTls.enrolmentChannel(trust(pod), StubWorkers::isOperator))
                .build();
        try {
            EnrolResponse response = EnrolmentGrpc.newBlockingStub(channel)
                    .enrol(EnrolRequest.newBuilder()
                            .setCertificateRequest(ByteString.copyFrom(certificateRequest))
                            .setToken(token(pod))
                            .build());
            return new IdentityCredentials(
                    keys.getPrivate(),
                    certificates(response.getCertificateChainList()),
                    certificates(response.getTrustBundleList()));
        } finally {
            channel.shutdownNow();
        }
    }

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

    private static Hello.Builder hello(Pod pod) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        return Hello.newBuilder()
                .setJobUid(labels.get(LABELS + "job-uid"))
                .setSlot(Integer.parseInt(labels.get(LABELS + "slot")))
                .setIncarnation(Integer.parseInt(labels.get(LABELS + "incarnation")))
                .setSupervisorPid(1)
                .setEngine(EngineUp.newBuilder()
                        .setPid(2)
                        .setAddress("127.0.0.1:1")
                        .setNumericsFingerprint("stub"))
                .setInventory(Inventory.getDefaultInstance());
    }

    private static List<X509Certificate> trust(Pod pod) throws Exception {
        String bundle = pod.getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals("PIPELINEJOB_TRUST_BUNDLE"))
                .findFirst()
                .orElseThrow()
                .getValue();
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(bundle.getBytes(StandardCharsets.US_ASCII)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    private static List<X509Certificate> certificates(List<ByteString> der) {
        return IdentityCredentials.certificates(
                der.stream().map(ByteString::toByteArray).toList());
    }

    private static boolean isOperator(SpiffeId peer) {
        return peer instanceof SpiffeId.Operator;
    }

    @Override
    public void close() {
        pulse.shutdownNow();
        executor.shutdownNow();
        channels.values().forEach(ManagedChannel::shutdownNow);
    }

    /// One worker's end of its stream; it calls again when the stream ends.
    private final class Stub implements StreamObserver<OperatorMessage> {
        private final Pod pod;
        private final ManagedChannel channel;
        private @Nullable StreamObserver<WorkerMessage> out;
        private Prepare attempt = Prepare.getDefaultInstance();
        private boolean trains;

        Stub(Pod pod, ManagedChannel channel) {
            this.pod = pod;
            this.channel = channel;
        }

        synchronized void call() {
            StreamObserver<WorkerMessage> stream = ControlGrpc.newStub(channel).session(this);
            out = stream;
            Hello.Builder hello = hello(pod);
            if (attempt.getAttempt() > 0) {
                hello.setRunning(RunningAttempt.newBuilder()
                        .setAttempt(attempt.getAttempt())
                        .setDigest(attempt.getDigest())
                        .setPhase(trains ? WorkerPhase.RUNNING : WorkerPhase.READY)
                        .setStep(attempt.getResumeStep() + (trains ? 1 : 0)));
            }
            stream.onNext(WorkerMessage.newBuilder().setHello(hello).build());
        }

        synchronized void sayAlive() {
            StreamObserver<WorkerMessage> stream = out;
            try {
                if (stream != null) {
                    stream.onNext(ALIVE);
                }
            } catch (IllegalStateException _) {
                // It ended just now, and is about to call again.
                out = null;
            }
        }

        private void callAgain(String reason) {
            synchronized (this) {
                out = null;
            }
            if (executor.isShutdown()) {
                return;
            }
            ended.merge(reason, 1, Integer::sum);
            executor.execute(() -> {
                try {
                    Thread.sleep(PAUSE);
                    call();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        @Override
        public synchronized void onNext(OperatorMessage message) {
            StreamObserver<WorkerMessage> stream = out;
            if (stream != null && message.hasPrepare()) {
                // What it holds of the job is of no use here, and much of it.
                attempt = message.getPrepare().toBuilder()
                        .clearPeers()
                        .clearPlan()
                        .clearOperations()
                        .build();
                trains = false;
                prepared.add(pod.getMetadata().getUid());
                stream.onNext(ready());
            } else if (stream != null && message.hasStart()) {
                trains = true;
                started.add(pod.getMetadata().getUid());
                stream.onNext(step());
            }
        }

        private WorkerMessage ready() {
            return WorkerMessage.newBuilder()
                    .setReady(Ready.newBuilder()
                            .setAttempt(attempt.getAttempt())
                            .setDigest(attempt.getDigest())
                            .setDataDigest(DATA_DIGEST))
                    .build();
        }

        private WorkerMessage step() {
            return WorkerMessage.newBuilder()
                    .setProgress(Progress.newBuilder()
                            .setAttempt(attempt.getAttempt())
                            .setStep(attempt.getResumeStep() + 1))
                    .build();
        }

        @Override
        public void onError(Throwable error) {
            callAgain(Status.fromThrowable(error).toString());
        }

        @Override
        public void onCompleted() {
            callAgain("the operator closed it");
        }
    }
}
