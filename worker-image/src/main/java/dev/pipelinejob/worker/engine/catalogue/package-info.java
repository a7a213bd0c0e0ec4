/// What every engine must agree upon for a model of the catalogue: its layers, the names, shapes and first values of
/// their parameters, and the dropout masks. Nothing here computes a layer; that is an engine's business.
@NullMarked
package dev.pipelinejob.worker.engine.catalogue;

import org.jspecify.annotations.NullMarked;
