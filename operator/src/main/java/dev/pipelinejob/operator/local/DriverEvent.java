package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.monitor.MonitorEvent;
import java.time.Instant;

/// What wakes the driver's loop.
sealed interface DriverEvent {
    /// Something happened on a control stream.
    record Stream(MonitorEvent event, Instant at) implements DriverEvent {}

    /// Something changed that the next look will show: a process ended, a plan is there, the user wants to stop.
    record Wake() implements DriverEvent {}
}
