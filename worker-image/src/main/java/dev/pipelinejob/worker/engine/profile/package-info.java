/// Measures a model layer by layer on the engine that will train it. What becomes of the numbers is not known here.
@NullMarked
package dev.pipelinejob.worker.engine.profile;

import org.jspecify.annotations.NullMarked;
