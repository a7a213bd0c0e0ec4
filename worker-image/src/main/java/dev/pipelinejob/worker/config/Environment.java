package dev.pipelinejob.worker.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Typed reading of environment variables; each refusal names variable, value and way out.
final class Environment {
    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    String required(String name) {
        return text(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "The environment variable " + name + " is not set, but this process cannot run without it."));
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    Optional<Path> path(String name) {
        return text(name).map(Path::of);
    }

    int count(String name) {
        String value = required(name);
        try {
            int count = Integer.parseInt(value);
            if (count >= 0) {
                return count;
            }
        } catch (NumberFormatException _) {
            // Refused below, with the same sentence as a negative number.
        }
        throw new IllegalArgumentException(
                "The environment variable " + name + " is \"" + value + "\", but must be a number from 0 on.");
    }

    Duration seconds(String name, Duration otherwise) {
        return text(name).isEmpty() ? otherwise : Duration.ofSeconds(count(name));
    }

    boolean flag(String name, boolean otherwise) {
        return text(name)
                .map(value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw new IllegalArgumentException("The environment variable " + name + " is \"" + value
                                + "\", but must be true or false.");
                })
                .orElse(otherwise);
    }

    List<String> words(String name) {
        return text(name)
                .map(value -> Arrays.asList(value.strip().split("\\s+")))
                .orElse(List.of());
    }
}
