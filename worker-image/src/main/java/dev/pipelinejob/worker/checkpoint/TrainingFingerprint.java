package dev.pipelinejob.worker.checkpoint;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.pipelinejob.protocol.plan.JobSpec;
import dev.pipelinejob.protocol.plan.TrainingSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/// A digest of everything in a job that must not change between its checkpoints: model, optimizer, learning rate
/// schedule, clipping, seed, batch and micro-batches; and the number of steps where the learning rate depends on it.
public final class TrainingFingerprint {
    private TrainingFingerprint() {}

    /// Lower-case hex SHA-256. It covers every field that is set, so a field that is added to the protocol later
    /// changes nothing for jobs that do not set it.
    public static String of(JobSpec job) {
        TrainingSpec training = job.getTraining();
        if (!training.getLearningRateSchedule().hasCosine()) {
            training = training.toBuilder().clearSteps().build();
        }
        StringBuilder text = new StringBuilder();
        describe("model", job.getModel(), text);
        describe("training", training, text);
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// One line a field, in the order of the fields' numbers.
    private static void describe(String path, Message message, StringBuilder text) {
        text.append(path).append('\n');
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            String name = path + "." + field.getKey().getName();
            if (field.getValue() instanceof Message inner) {
                describe(name, inner, text);
            } else {
                text.append(name).append('=').append(field.getValue()).append('\n');
            }
        }
    }
}
