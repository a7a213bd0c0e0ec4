package dev.pipelinejob.worker.engine.torch;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.global.torch;

/// The native library in this process: loaded once, one compute thread, and what its numbers depend on.
final class Libtorch {
    private static final Pattern VERSION = Pattern.compile("TORCH_VERSION=([^,]+)");
    private static final int COMPUTE_THREADS = 1;
    private static final String FINGERPRINT = load();

    private Libtorch() {}

    private static String load() {
        loadLibraries();
        torch.set_num_threads(COMPUTE_THREADS);
        String blas = OpenBlas.useThreads(COMPUTE_THREADS);
        return String.format(
                Locale.ROOT,
                "libtorch %s, %s, %s, %d thread, cpu, float32",
                version(),
                blas,
                torch.get_cpu_capability().getString(),
                COMPUTE_THREADS);
    }

    /// The binding would look for each library in every jar and in a cache of its own, and load two that nobody uses.
    /// The linker finds what these two need: it lies beside them.
    @SuppressWarnings("restricted") // Native access is what this process was started for.
    private static void loadLibraries() {
        System.setProperty("org.bytedeco.javacpp.loadLibraries", "false");
        System.loadLibrary("jnijavacpp");
        System.loadLibrary("jnitorch");
    }

    private static String version() {
        Matcher version = VERSION.matcher(torch.show_config().getString());
        return version.find() ? version.group(1) : "unknown";
    }

    static String fingerprint() {
        return FINGERPRINT;
    }

    /// Some of libtorch's switches belong to a thread: every compute thread sets them once.
    static void prepareThread() {
        torch.set_num_threads(COMPUTE_THREADS);
        // Profiling executors cost 8-18 % on training and gain nothing: the layers are a handful of large operations.
        torch.setGraphExecutorOptimize(false);
    }
}
