package dev.pipelinejob.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Why a process ends, left where a kubelet looks for it: so it stands in the pod's status.
final class LastWords {
    private static final Logger LOG = LoggerFactory.getLogger(LastWords.class);
    private static final String FILE = "PIPELINEJOB_TERMINATION_FILE";
    /// A kubelet takes no more.
    private static final int MAXIMUM_BYTES = 4096;

    private LastWords() {}

    /// Leaves a sentence, if anybody said where.
    static void leave(Map<String, String> environment, String sentence) {
        String file = environment.getOrDefault(FILE, "");
        if (file.isEmpty()) {
            return;
        }
        byte[] words = sentence.getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(Path.of(file), Arrays.copyOf(words, Math.min(words.length, MAXIMUM_BYTES)));
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("detail", e.getMessage())
                    .log("No last words are left.");
        }
    }
}
