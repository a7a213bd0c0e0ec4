package dev.pipelinejob.e2e.numerics;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Floats by their bits: equal means equal to the last bit, and NaN equals itself.
final class Bits {
    private Bits() {}

    static List<Integer> of(ByteBuffer bytes) {
        ByteBuffer whole = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
        List<Integer> bits = new ArrayList<>(whole.remaining() / Integer.BYTES);
        while (whole.hasRemaining()) {
            bits.add(whole.getInt());
        }
        return bits;
    }
}
