package dev.pipelinejob.protocol.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/// Who a certificate speaks for. It stands as the only URI among the certificate's alternative names.
public sealed interface SpiffeId {
    String TRUST_DOMAIN = "pipelinejob";
    String PREFIX = "spiffe://" + TRUST_DOMAIN + "/";

    /// The identity as a URI.
    String uri();

    /// A worker: `spiffe://pipelinejob/<namespace>/<job UID>/<pod UID>`.
    record Worker(String namespace, String jobUid, String podUid) implements SpiffeId {
        private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]{1,253}");

        public Worker {
            requireSegment("namespace", namespace);
            requireSegment("job UID", jobUid);
            requireSegment("pod UID", podUid);
        }

        private static void requireSegment(String what, String value) {
            if (!SEGMENT.matcher(value).matches() || value.equals(".") || value.equals("..")) {
                throw new IllegalArgumentException("The " + what + " \"" + value
                        + "\" cannot stand in an identity: 1 to 253 letters, digits, dots, dashes, underscores.");
            }
        }

        @Override
        public String uri() {
            return PREFIX + namespace + "/" + jobUid + "/" + podUid;
        }

        /// Whether both work for the same job, so that they may exchange tensors.
        public boolean sameJobAs(Worker other) {
            return namespace.equals(other.namespace) && jobUid.equals(other.jobUid);
        }

        @Override
        public String toString() {
            return uri();
        }
    }

    /// The operator: `spiffe://pipelinejob/operator`. It has one segment, so no worker can be named like it.
    record Operator() implements SpiffeId {
        @Override
        public String uri() {
            return PREFIX + "operator";
        }

        @Override
        public String toString() {
            return uri();
        }
    }

    /// Reads an identity from its URI.
    ///
    /// @throws IllegalArgumentException when `uri` is not exactly what {@link #uri()} gives
    static SpiffeId parse(String uri) {
        if (uri.startsWith(PREFIX)) {
            String[] segments = uri.substring(PREFIX.length()).split("/", -1);
            if (segments.length == 1 && segments[0].equals("operator")) {
                return new Operator();
            }
            if (segments.length == 3) {
                return new Worker(segments[0], segments[1], segments[2]);
            }
        }
        throw new IllegalArgumentException("\"" + uri + "\" is no identity of PipelineJob: expected " + PREFIX
                + "<namespace>/<job UID>/<pod UID> or " + PREFIX + "operator.");
    }

    /// Reads the identity that a certificate carries.
    ///
    /// @throws IllegalArgumentException when the certificate carries none, several or a foreign one
    static SpiffeId of(X509Certificate certificate) {
        List<String> uris;
        try {
            uris = Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.<List<?>>of()).stream()
                    .filter(name -> Integer.valueOf(GeneralName.URI).equals(name.get(0)))
                    .map(name -> (String) Objects.requireNonNull(name.get(1)))
                    .toList();
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("The certificate's alternative names cannot be read.", e);
        }
        if (uris.size() != 1) {
            throw new IllegalArgumentException(
                    "A certificate must carry exactly one URI as its identity, this one carries " + uris + ".");
        }
        return parse(uris.getFirst());
    }
}
