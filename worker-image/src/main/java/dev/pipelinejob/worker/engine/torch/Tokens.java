package dev.pipelinejob.worker.engine.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/// Tokens as they arrive: an index outside the vocabulary is refused here, before native code meets it.
final class Tokens {
    private Tokens() {}

    static void requireInRange(String what, ByteBuffer bytes, int vocabularySize) {
        IntBuffer tokens = bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        for (int i = 0; i < tokens.limit(); i++) {
            int token = tokens.get(i);
            if (token < 0 || token >= vocabularySize) {
                throw new IllegalArgumentException("The " + what + " " + token + " at position " + i
                        + " is outside the vocabulary of " + vocabularySize
                        + ": raise vocabularySize or use another text.");
            }
        }
    }
}
