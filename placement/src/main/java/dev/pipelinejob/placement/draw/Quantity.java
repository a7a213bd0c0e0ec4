package dev.pipelinejob.placement.draw;

import java.util.Locale;

/// Times, sizes and rates as a person reads them.
final class Quantity {
    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Quantity() {}

    static String micros(double micros) {
        if (micros >= 1e6) {
            return String.format(Locale.ROOT, "%.2f s", micros / 1e6);
        }
        return micros >= 1e3
                ? String.format(Locale.ROOT, micros >= 1e5 ? "%.0f ms" : "%.1f ms", micros / 1e3)
                : String.format(Locale.ROOT, "%.0f µs", micros);
    }

    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1_024 && unit < SIZES.length - 1) {
            value /= 1_024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s", value, SIZES[unit]);
    }

    static String rate(double bytesPerSecond) {
        boolean isLarge = bytesPerSecond >= 1e9;
        return Svg.number(bytesPerSecond / (isLarge ? 1e9 : 1e6)) + (isLarge ? " GB/s" : " MB/s");
    }
}
