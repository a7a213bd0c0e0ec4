package dev.pipelinejob.worker.engine.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The BLAS that libtorch has loaded. libtorch neither binds its threads nor says which kernels it chose, and both
/// decide about bits, so they are asked from the library itself.
final class OpenBlas {
    private static final String LIBRARY = "libopenblas.so.0";
    private static final int LONGEST_CONFIGURATION = 1024;

    private OpenBlas() {}

    /// Binds the library to a number of threads and returns its configuration, kernel family included.
    @SuppressWarnings("restricted") // Native access is what this process was started for.
    static String useThreads(int threads) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
        MethodHandle setThreads = linker.downcallHandle(
                library.findOrThrow("openblas_set_num_threads"), FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
        MethodHandle configuration = linker.downcallHandle(
                library.findOrThrow("openblas_get_config"), FunctionDescriptor.of(ValueLayout.ADDRESS));
        MethodHandle core = linker.downcallHandle(
                library.findOrThrow("openblas_get_corename"), FunctionDescriptor.of(ValueLayout.ADDRESS));
        try {
            setThreads.invokeExact(threads);
            String version = text((MemorySegment) configuration.invokeExact());
            return version.split(" ", 3)[0] + " " + version.split(" ", 3)[1] + " "
                    + text((MemorySegment) core.invokeExact());
        } catch (Throwable broken) {
            throw new IllegalStateException(LIBRARY + " could not be asked for its configuration.", broken);
        }
    }

    @SuppressWarnings("restricted") // The library returns a static, zero-terminated string.
    private static String text(MemorySegment address) {
        return address.reinterpret(LONGEST_CONFIGURATION).getString(0);
    }
}
