package dev.pipelinejob.operator.drive;

import dev.pipelinejob.operator.lifecycle.Journal;
import java.io.IOException;

/// Where a job's journal is kept from one driver to the next.
public interface JournalStore {
    /// Takes the journal over: answers what the last driver left, the empty journal when there was none. What that
    /// driver wants to save from then on is refused, should it still be there.
    Journal read() throws IOException;

    /// Keeps the journal, before anything that follows from it is done.
    ///
    /// @return false when another driver has written it since it was read here: then this one must stop
    boolean save(Journal journal) throws IOException;
}
