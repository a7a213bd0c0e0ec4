package dev.pipelinejob.operator.identity;

import java.security.cert.X509Certificate;
import java.util.List;

/// What became of a certificate request.
public sealed interface SigningOutcome {
    /// The request was good.
    ///
    /// @param chain the worker's certificate; its issuer is in the trust bundle
    record Signed(List<X509Certificate> chain) implements SigningOutcome {
        public Signed {
            chain = List.copyOf(chain);
        }
    }

    /// It was not.
    ///
    /// @param reason one sentence for the one who asked
    record Refused(String reason) implements SigningOutcome {}
}
