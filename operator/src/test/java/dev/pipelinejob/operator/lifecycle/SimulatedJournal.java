package dev.pipelinejob.operator.lifecycle;

/// The journal where operators keep it: whoever writes must have read the last version.
final class SimulatedJournal {
    private Journal content = Journal.EMPTY;
    private long version;

    Journal read() {
        return content;
    }

    /// A new operator takes it over: from now on the last one's writes are refused.
    Journal takeOver() {
        version++;
        return content;
    }

    long version() {
        return version;
    }

    boolean save(Journal next, long basedOn) {
        if (basedOn != version) {
            return false;
        }
        content = next;
        version++;
        return true;
    }

    /// Somebody deleted it.
    void lose() {
        content = Journal.EMPTY;
        version++;
    }
}
