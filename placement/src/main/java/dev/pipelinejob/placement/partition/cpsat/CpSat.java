package dev.pipelinejob.placement.partition.cpsat;

import com.google.ortools.Loader;
import dev.pipelinejob.placement.partition.scattered.Prover;

/// Where the solver comes from.
public final class CpSat {
    private CpSat() {}

    /// The solver as a prover; [Prover#NONE] where its native library cannot be loaded.
    ///
    /// @param threads at most this many are used
    public static Prover prover(int threads, long seed) {
        return Library.IS_LOADED ? new ScatteredProver(threads, seed) : Prover.NONE;
    }

    /// Whether the native library is there.
    public static boolean isAvailable() {
        return Library.IS_LOADED;
    }

    /// Loads the native library once, when it is first asked for.
    private static final class Library {
        private static final boolean IS_LOADED = load();

        private static boolean load() {
            try {
                Loader.loadNativeLibraries();
                return true;
            } catch (LinkageError | RuntimeException _) {
                // No library for this platform, or no folder into which it can be unpacked: the planner does without.
                return false;
            }
        }
    }
}
