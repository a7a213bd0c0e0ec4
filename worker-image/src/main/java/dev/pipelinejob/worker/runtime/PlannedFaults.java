package dev.pipelinejob.worker.runtime;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Faults that were written down beforehand: `PLACE@STEP@RANK` or `PLACE@STEP@RANK@ATTEMPT`, several with commas
/// between; without an attempt the first one is meant, so that a fault does not come back after every recovery.
public final class PlannedFaults implements FaultPoint {
    private static final Pattern FAULT = Pattern.compile("([A-Z_]+)@(\\d{1,9})@(\\d{1,9})(?:@(\\d{1,9}))?");

    private final List<Fault> faults;
    private final Runnable death;

    private record Fault(String place, int step, int rank, int attempt) {
        static Fault of(String text) {
            Matcher fault = FAULT.matcher(text.strip());
            if (!fault.matches()) {
                throw new IllegalArgumentException(
                        "A fault is PLACE@STEP@RANK[@ATTEMPT], such as FORWARD@12@0, and not: " + text);
            }
            return new Fault(
                    fault.group(1),
                    Integer.parseInt(fault.group(2)),
                    Integer.parseInt(fault.group(3)),
                    fault.group(4) == null ? 1 : Integer.parseInt(fault.group(4)));
        }
    }

    private PlannedFaults(List<Fault> faults, Runnable death) {
        this.faults = faults;
        this.death = death;
    }

    /// Reads faults.
    ///
    /// @param text the faults; blank for none
    /// @param death ends this process; does not return in production
    public static FaultPoint of(String text, Runnable death) {
        return text.isBlank()
                ? NONE
                : new PlannedFaults(
                        Stream.of(text.split(",", -1)).map(Fault::of).toList(), death);
    }

    @Override
    public void pass(String place, int step, int rank, int attempt) {
        for (Fault fault : faults) {
            if (fault.step == step && fault.rank == rank && fault.attempt == attempt && fault.place.equals(place)) {
                death.run();
            }
        }
    }
}
