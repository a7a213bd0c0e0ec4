package dev.pipelinejob.operator.drive;

import dev.pipelinejob.api.v1alpha1.PipelineJobStatus;
import dev.pipelinejob.api.v1alpha1.RestartRecord;
import dev.pipelinejob.operator.lifecycle.ExitStatus;
import dev.pipelinejob.operator.lifecycle.Restart;
import java.util.List;

/// The restart history as it stands in the status.
final class RestartRecords {
    private RestartRecords() {}

    /// @param history oldest first
    static List<RestartRecord> newestFirst(List<Restart> history) {
        return history.reversed().stream()
                .limit(PipelineJobStatus.MAX_HISTORY)
                .map(RestartRecords::of)
                .toList();
    }

    private static RestartRecord of(Restart restart) {
        ExitStatus exit = restart.exit();
        return new RestartRecord(
                restart.attempt(),
                restart.cause().word(),
                cut(restart.detail()),
                restart.slot() < 0 ? null : restart.slot(),
                exit == null || exit.signal() > 0 ? null : exit.code(),
                exit == null || exit.signal() == 0 ? null : exit.signal(),
                restart.detectedAt(),
                restart.firstStepAt(),
                restart.regainedAt(),
                restart.resumedStep(),
                restart.lostSteps(),
                restart.lastLog());
    }

    /// A message that is too long ends in an ellipsis.
    private static String cut(String message) {
        return message.length() <= RestartRecord.MAX_MESSAGE
                ? message
                : message.substring(0, RestartRecord.MAX_MESSAGE - 1).stripTrailing() + "…";
    }
}
