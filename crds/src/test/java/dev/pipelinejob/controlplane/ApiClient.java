package dev.pipelinejob.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Speaks plain HTTP with the API server, so that what is sent is the file's own bytes.
public final class ApiClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ControlPlane plane;
    private final HttpClient http;

    /// A client that trusts this control plane alone.
    public ApiClient(ControlPlane plane) throws IOException, GeneralSecurityException {
        this.plane = plane;
        this.http = HttpClient.newBuilder().sslContext(trustOnly(plane)).build();
    }

    /// What the server answered.
    ///
    /// @param status HTTP's status
    /// @param body the resource in JSON, or a Status that says what is wrong
    public record Answer(int status, String body) {
        /// Whether the request was carried out.
        public boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    /// Creates what a YAML text describes; unknown and doubled fields are refused.
    public Answer create(String collection, String yaml) throws IOException, InterruptedException {
        return send(request(collection + "?fieldValidation=Strict")
                .header("Content-Type", "application/yaml")
                .POST(BodyPublishers.ofString(yaml)));
    }

    /// Replaces a resource by what a YAML text describes.
    public Answer replace(String path, String yaml) throws IOException, InterruptedException {
        return send(request(path + "?fieldValidation=Strict")
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString(yaml)));
    }

    /// Reads a resource.
    public Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /// Removes a resource.
    public Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    boolean isReady() throws InterruptedException {
        try {
            return get("/readyz").isSuccess();
        } catch (IOException _) {
            return false;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(plane.url().resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + plane.token());
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    private static SSLContext trustOnly(ControlPlane plane) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(plane.certificate())) {
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("certificate-" + number++, certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
