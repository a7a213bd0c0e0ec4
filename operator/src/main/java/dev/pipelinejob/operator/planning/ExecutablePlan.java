package dev.pipelinejob.operator.planning;

import dev.pipelinejob.protocol.plan.OperationLists;
import dev.pipelinejob.protocol.plan.PlanSpec;
import java.util.List;

/// A plan as workers are told it.
///
/// @param plan the same for every rank
/// @param operations by rank
/// @param digest lower-case hex SHA-256 over plan and all operation lists
public record ExecutablePlan(PlanSpec plan, List<OperationLists> operations, String digest) {
    public ExecutablePlan {
        operations = List.copyOf(operations);
    }
}
