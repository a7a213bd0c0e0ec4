package dev.pipelinejob.e2e.processes;

import java.nio.file.Path;

/// The checkout that is tested, as a user has it after the build.
public final class Checkout {
    private Checkout() {}

    /// The command that a user types.
    public static Path launcher() {
        return Path.of(System.getProperty("checkout", "")).toAbsolutePath().resolve("pipelinejob");
    }
}
