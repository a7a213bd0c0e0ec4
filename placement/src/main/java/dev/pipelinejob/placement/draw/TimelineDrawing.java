package dev.pipelinejob.placement.draw;

import dev.pipelinejob.placement.simulate.Span;
import java.util.List;

/// A step as lanes, one a worker: predicted, and below it measured on the same axis.
@SuppressWarnings("DoNotCallSuggester")
public final class TimelineDrawing {
    private TimelineDrawing() {}

    /// An SVG document.
    ///
    /// @param title stands on top
    /// @param predicted the simulator's spans
    /// @param measured the workers' spans of one step from its beginning; empty to draw the prediction alone
    public static String svg(String title, List<Span> predicted, List<Span> measured) {
        throw new UnsupportedOperationException("not built yet");
    }
}
