package dev.pipelinejob.operator.cli.placement;

import dev.pipelinejob.placement.workload.InvalidWorkload;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times as people type them: `500ms`, `60s`, `2m`, or plain seconds.
final class TimeLimit {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|m|)");
    private static final double SECONDS_PER_MINUTE = 60;
    private static final double MILLIS_PER_SECOND = 1000;

    private TimeLimit() {}

    static double seconds(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches()) {
            throw new InvalidWorkload("The time limit " + text + " is no time: write 500ms, 60s or 2m.");
        }
        double number = Double.parseDouble(shape.group(1));
        return switch (shape.group(2)) {
            case "ms" -> number / MILLIS_PER_SECOND;
            case "m" -> number * SECONDS_PER_MINUTE;
            default -> number;
        };
    }
}
