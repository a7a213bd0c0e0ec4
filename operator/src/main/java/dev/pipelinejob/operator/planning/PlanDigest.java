package dev.pipelinejob.operator.planning;

import dev.pipelinejob.protocol.plan.Operation;
import dev.pipelinejob.protocol.plan.OperationLists;
import dev.pipelinejob.protocol.plan.PlanSpec;
import dev.pipelinejob.protocol.plan.Stage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// The digest of a plan. It covers every field in a fixed order and width, so that it depends on no serializer.
final class PlanDigest {
    private static final int BYTES_PER_OPERATION = 4 * Integer.BYTES + 1 + Long.BYTES;

    private final MessageDigest sha;

    private PlanDigest() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256.", e);
        }
    }

    static String of(PlanSpec plan, List<OperationLists> operations) {
        PlanDigest digest = new PlanDigest();
        digest.add(plan);
        digest.add(operations.size());
        for (OperationLists lists : operations) {
            digest.add(lists.getStepList());
            digest.add(lists.getCheckpointList());
        }
        return HexFormat.of().formatHex(digest.sha.digest());
    }

    private void add(PlanSpec plan) {
        byte[] schedule = plan.getSchedule().getBytes(StandardCharsets.UTF_8);
        add(schedule.length);
        sha.update(schedule);
        add(plan.getWorldSize());
        add(plan.getGeneratorVersion());
        add(plan.getStagesCount());
        for (Stage stage : plan.getStagesList()) {
            add(stage.getIndex());
            add(stage.getFirstLayer());
            add(stage.getEndLayer());
            add(stage.getRank());
        }
    }

    private void add(List<Operation> operations) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + operations.size() * BYTES_PER_OPERATION);
        bytes.putInt(operations.size());
        for (Operation operation : operations) {
            bytes.putInt(operation.getKindValue());
            bytes.putInt(operation.getStage());
            bytes.putInt(operation.getMicroBatch());
            bytes.putInt(operation.getPeer());
            bytes.put((byte) (operation.getRematerialize() ? 1 : 0));
            bytes.putLong(operation.getBytes());
        }
        sha.update(bytes.flip());
    }

    private void add(int value) {
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
    }
}
