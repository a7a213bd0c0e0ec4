package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.workload.Format;
import dev.pipelinejob.placement.workload.InvalidWorkload;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;

/// The formats under the names that users type.
enum InputFormat {
    DNN_PARTITIONING(Format.DNN_PARTITIONING),
    PIPEDREAM(Format.PIPEDREAM),
    PIPER(Format.PIPER),
    GRAPH(Format.GRAPH);

    private final Format format;

    InputFormat(Format format) {
        this.format = format;
    }

    Format format() {
        return format;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static InputFormat of(String word) {
        for (InputFormat candidate : values()) {
            if (candidate.word().equals(word)) {
                return candidate;
            }
        }
        throw new InvalidWorkload("There is no format " + word + ": give dnn-partitioning, pipedream, piper or graph.");
    }

    /// The words, for help texts.
    static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(values()).map(InputFormat::word).iterator();
        }
    }
}
