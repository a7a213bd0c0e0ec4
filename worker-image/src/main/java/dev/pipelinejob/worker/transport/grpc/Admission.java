package dev.pipelinejob.worker.transport.grpc;

import dev.pipelinejob.protocol.identity.SpiffeId;
import dev.pipelinejob.protocol.tensor.StreamHandshake;
import dev.pipelinejob.worker.transport.ChannelSpec;
import dev.pipelinejob.worker.transport.ChannelSpec.PeerAddress;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// The fence between attempts: which stream is let in. `OK` is yes, `UNAVAILABLE` is not yet, all else is never.
final class Admission {
    private Admission() {}

    /// @param caller who the peer proved to be; null when it proved nothing
    /// @param open what this worker has prepared; null when it has prepared nothing yet
    static Status decide(StreamHandshake handshake, @Nullable SpiffeId caller, @Nullable ChannelSpec open) {
        if (open == null || handshake.getAttempt() > open.fence().attempt()) {
            return Status.UNAVAILABLE.withDescription(
                    "This worker has not prepared attempt " + handshake.getAttempt() + " yet; try again.");
        }
        if (!handshake.getJobUid().equals(open.fence().jobUid())
                || handshake.getAttempt() != open.fence().attempt()
                || !handshake.getDigest().equals(open.fence().digest())
                || handshake.getToRank() != open.rank()) {
            return Status.FAILED_PRECONDITION.withDescription("This worker is rank " + open.rank() + " in attempt "
                    + open.fence().attempt() + " with digest " + open.fence().digest() + ", not rank "
                    + handshake.getToRank() + " in attempt " + handshake.getAttempt() + " with digest "
                    + handshake.getDigest() + ".");
        }
        PeerAddress expected = open.peers().get(handshake.getFromRank());
        if (expected == null || !open.credits().containsKey(handshake.getFromRank())) {
            return Status.FAILED_PRECONDITION.withDescription(
                    "This worker expects nothing from rank " + handshake.getFromRank() + ".");
        }
        if (caller == null || !caller.uri().equals(expected.identity())) {
            return Status.PERMISSION_DENIED.withDescription("Rank " + handshake.getFromRank() + " is "
                    + expected.identity() + ", but the caller is " + (caller == null ? "nobody" : caller.uri()) + ".");
        }
        return Status.OK;
    }
}
