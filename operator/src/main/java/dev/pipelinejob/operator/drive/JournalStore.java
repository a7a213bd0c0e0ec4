package dev.pipelinejob.operator.drive;

import dev.pipelinejob.operator.lifecycle.Journal;
import java.io.IOException;

/// Where a job's journal is kept from one driver to the next.
public interface JournalStore {
    /// What the last driver left; the empty journal when there was none.
    Journal read() throws IOException;

    /// Keeps the journal, before anything that follows from it is done.
    ///
    /// @return false when another driver has written it since it was read here: then this one must stop
    boolean save(Journal journal) throws IOException;
}
