package dev.pipelinejob.operator.identity;

/// Tells whose token this is: by the driver's own files on one machine, by TokenReview on a cluster.
public interface TokenVerifier {
    TokenVerdict verify(String token);
}
