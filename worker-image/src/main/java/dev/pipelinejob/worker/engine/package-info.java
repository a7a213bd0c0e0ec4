/// The contract between the runtime and whatever computes: handles and byte buffers only. No engine's own types
/// and no schedule live here.
///
/// A process with the libtorch engine needs the build's flat folder of native libraries (`target/native`, nothing is
/// unpacked at run time, nothing has to be writable) and these flags:
///
/// ```
/// java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
///      -Djava.library.path=NATIVE -Dorg.bytedeco.javacpp.maxPhysicalBytes=0
/// ```
///
/// and in its environment `OPENBLAS_NUM_THREADS=1`, so that OpenBLAS starts no threads that it will not use. The
/// second flag is gRPC's and protobuf's, not the engine's; the last one lets native memory grow beyond the Java heap.
@NullMarked
package dev.pipelinejob.worker.engine;

import org.jspecify.annotations.NullMarked;
