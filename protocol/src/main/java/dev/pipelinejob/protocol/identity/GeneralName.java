package dev.pipelinejob.protocol.identity;

/// Tags of RFC 5280's GeneralName, as {@link java.security.cert.X509Certificate#getSubjectAlternativeNames} gives them.
final class GeneralName {
    static final int URI = 6;

    private GeneralName() {}
}
