/// Graphs, topologies and plans as JSON, read and written. The only package that knows Jackson;
/// nothing is decided here.
@NullMarked
package dev.pipelinejob.placement.format;

import org.jspecify.annotations.NullMarked;
