package dev.pipelinejob.worker.schedule;

/// What became of {@link ScheduleReader#read}.
public sealed interface ScheduleOutcome permits WorkerSchedule, ScheduleOutcome.Invalid {
    /// The lists cannot be executed.
    ///
    /// @param sentence which entry of which list breaks which rule
    record Invalid(String sentence) implements ScheduleOutcome {}
}
