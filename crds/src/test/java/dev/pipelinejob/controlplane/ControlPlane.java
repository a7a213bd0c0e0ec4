package dev.pipelinejob.controlplane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// etcd and kube-apiserver on loopback, with keys that live as long as they do. Close ends both and removes their
// files.
public final class ControlPlane implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(100);
    /// Ports are chosen before they are bound, so another process may take one in between.
    private static final int MAX_STARTS = 3;

    /// What programs in the cluster ask, without its content.
    private static final String AUDIT_POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
            - {level: Metadata, userGroups: ["system:serviceaccounts"]}
            - level: None
            """;

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final Thread endWithThisProcess = new Thread(this::end);
    private final String token = UUID.randomUUID().toString();
    private final int port;

    private ControlPlane(Path binaries) throws IOException, GeneralSecurityException {
        folder = Files.createTempDirectory("control-plane");
        Runtime.getRuntime().addShutdownHook(endWithThisProcess);
        port = freePort();
        int etcd = freePort();
        start("etcd", etcd(binaries, etcd, freePort()));
        start("kube-apiserver", apiServer(binaries, etcd));
    }

    /// Starts both and waits until the API server is ready.
    ///
    /// @throws IllegalStateException when the programs are missing, or do not come up within the limit
    public static ControlPlane start() throws IOException, InterruptedException, GeneralSecurityException {
        Path binaries = ControlPlaneBinaries.folder();
        String log = "";
        for (int i = 0; i < MAX_STARTS; i++) {
            ControlPlane plane = new ControlPlane(binaries);
            if (plane.becomesReady()) {
                return plane;
            }
            log = plane.logs();
            plane.close();
        }
        throw new IllegalStateException("The control plane did not come up, " + MAX_STARTS + " times:\n" + log);
    }

    /// Where the API server listens.
    public URI url() {
        return URI.create("https://127.0.0.1:" + port);
    }

    /// The bearer token of a member of `system:masters`.
    public String token() {
        return token;
    }

    /// The certificate that the API server shows, in PEM.
    public Path certificate() {
        return folder.resolve("certificates/apiserver.crt");
    }

    /// What service accounts have asked, a line of JSON each.
    public Path auditLog() {
        return folder.resolve("audit.log");
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(endWithThisProcess);
        end();
    }

    private List<String> etcd(Path binaries, int port, int peerPort) {
        String clients = "http://127.0.0.1:" + port;
        String peers = "http://127.0.0.1:" + peerPort;
        return List.of(
                binaries.resolve("etcd").toString(),
                "--name=one",
                "--data-dir=" + folder.resolve("etcd"),
                "--unsafe-no-fsync",
                "--log-level=error",
                "--listen-client-urls=" + clients,
                "--advertise-client-urls=" + clients,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=one=" + peers);
    }

    private List<String> apiServer(Path binaries, int etcdPort) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair accounts = generator.generateKeyPair();
        Path signing = pem("signing.key", "PRIVATE KEY", accounts.getPrivate().getEncoded());
        Path checking = pem("signing.pub", "PUBLIC KEY", accounts.getPublic().getEncoded());
        Path tokens = Files.writeString(folder.resolve("tokens.csv"), token + ",test,test,\"system:masters\"\n");
        Path audited = Files.writeString(folder.resolve("audit.yaml"), AUDIT_POLICY);
        return List.of(
                binaries.resolve("kube-apiserver").toString(),
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--endpoint-reconciler-type=none",
                "--secure-port=" + port,
                "--cert-dir=" + folder.resolve("certificates"),
                "--service-cluster-ip-range=10.0.0.0/24",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-signing-key-file=" + signing,
                "--service-account-key-file=" + checking,
                "--token-auth-file=" + tokens,
                "--audit-policy-file=" + audited,
                "--audit-log-path=" + auditLog(),
                "--authorization-mode=Node,RBAC");
    }

    private Path pem(String file, String kind, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                folder.resolve(file), "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    /// A port that nobody listened on a moment ago.
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void start(String name, List<String> command) throws IOException {
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start());
    }

    private boolean becomesReady() throws InterruptedException, IOException, GeneralSecurityException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline && processes.stream().allMatch(Process::isAlive)) {
            if (Files.exists(certificate()) && new ApiClient(this).isReady()) {
                return true;
            }
            Thread.sleep(POLL);
        }
        return false;
    }

    private String logs() throws IOException {
        return Files.readString(folder.resolve("etcd.log"), StandardCharsets.UTF_8)
                + Files.readString(folder.resolve("kube-apiserver.log"), StandardCharsets.UTF_8);
    }

    /// Ends the API server before its store.
    private void end() {
        for (Process process : processes.reversed()) {
            process.destroy();
            try {
                if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException _) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException _) {
            // The system clears its temporary folder.
        }
    }
}
