package dev.pipelinejob.worker.runtime;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Ends this process as SIGKILL from outside would: no hook runs, nothing is flushed, no thread gets another turn.
public final class SuddenDeath {
    private static final int SIGKILL = 9;

    private SuddenDeath() {}

    /// Does not return. Java has no call for it: it refuses to destroy its own process, and halting is not a signal.
    @SuppressWarnings("restricted") // The engine's JVM has native access for libtorch anyway.
    public static void now() {
        Linker linker = Linker.nativeLinker();
        MethodHandle kill = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("kill"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int failed = (int) kill.invokeExact((int) ProcessHandle.current().pid(), SIGKILL);
            throw new IllegalStateException("kill answered " + failed + " instead of ending this process.");
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("A call of kill throws nothing.", e);
        }
    }
}
