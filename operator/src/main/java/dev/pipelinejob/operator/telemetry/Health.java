package dev.pipelinejob.operator.telemetry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Judges whether a restart would help: every part may be unwell for a while, as when the API server is away; one that
/// is unwell at each look for longer than the limit will not mend itself.
public final class Health {
    private final Clock clock;
    private final Duration limit;
    private final Map<String, BooleanSupplier> parts = new LinkedHashMap<>();
    private final Map<String, Instant> unwellSince = new LinkedHashMap<>();

    /// @param limit how long a part may be unwell
    public Health(Clock clock, Duration limit) {
        this.clock = clock;
        this.limit = limit;
    }

    /// Adds a part.
    ///
    /// @param name what people call it
    /// @param well whether it works now
    public synchronized void watch(String name, BooleanSupplier well) {
        parts.put(name, well);
    }

    /// Looks at all parts.
    ///
    /// @return what has been unwell for too long, a sentence a part; empty while there is hope
    public synchronized List<String> look() {
        Instant now = clock.instant();
        List<String> hopeless = new ArrayList<>();
        parts.forEach((name, well) -> {
            if (well.getAsBoolean()) {
                unwellSince.remove(name);
                return;
            }
            Instant since = unwellSince.computeIfAbsent(name, _ -> now);
            if (Duration.between(since, now).compareTo(limit) > 0) {
                hopeless.add("%s has not worked since %s.".formatted(name, since));
            }
        });
        return hopeless;
    }
}
