/// The engine on libtorch, through `org.bytedeco:pytorch`: the only package that imports `org.bytedeco`. A layer is a
/// TorchScript module compiled from source text; what a model consists of is the catalogue's, not this package's.
@NullMarked
package dev.pipelinejob.worker.engine.torch;

import org.jspecify.annotations.NullMarked;
