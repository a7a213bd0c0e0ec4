package dev.pipelinejob.operator.local;

import dev.pipelinejob.operator.drive.Recovery;

/// Who wants to see how a run goes; called from the driver's loop, so it must be quick.
public interface RunListener {
    /// Something changed that a person may want to see.
    void changed(LocalStatus status);

    /// A failure was overcome.
    void recovered(Recovery recovery);

    /// Something that a person should read once.
    void note(String sentence);
}
