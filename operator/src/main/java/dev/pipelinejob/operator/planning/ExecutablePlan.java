package dev.pipelinejob.operator.planning;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pipelinejob.protocol.plan.OperationLists;
import dev.pipelinejob.protocol.plan.PlanSpec;
import java.util.List;
import java.util.stream.IntStream;

/// A plan as workers are told it. The operation lists of many ranks are kept as the bytes that they are sent as, which
/// is a tenth of what they take as objects.
///
/// @param plan the same for every rank
/// @param encoded the operation lists by rank
/// @param digest lower-case hex SHA-256 over plan and all operation lists
public record ExecutablePlan(PlanSpec plan, List<ByteString> encoded, String digest) {
    public ExecutablePlan {
        encoded = List.copyOf(encoded);
    }

    static ExecutablePlan of(PlanSpec plan, List<OperationLists> operations) {
        return new ExecutablePlan(
                plan, operations.stream().map(OperationLists::toByteString).toList(), PlanDigest.of(plan, operations));
    }

    /// What a rank does.
    public OperationLists operations(int rank) {
        try {
            return OperationLists.parseFrom(encoded.get(rank));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("Operation lists that were written here cannot be read.", e);
        }
    }

    /// What each rank does.
    public List<OperationLists> operations() {
        return IntStream.range(0, encoded.size()).mapToObj(this::operations).toList();
    }
}
