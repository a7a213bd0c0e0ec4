package dev.pipelinejob.operator.local;

import java.time.Instant;

/// What the next driver needs to find a supervisor process again.
///
/// @param slot the slot's number
/// @param incarnation the n-th process of the slot
/// @param pid process id; 0 = about to be started
/// @param processStart when the operating system says that it started, so that a reused pid is told apart
/// @param since when we started it
record ProcessRecord(int slot, int incarnation, long pid, Instant processStart, Instant since) {}
