/// The driver with local processes: a folder, one supervisor process a slot, attempts as exclusively created files.
/// The job is driven by the package `drive`; no decision about a job is taken here.
@NullMarked
package dev.pipelinejob.operator.local;

import org.jspecify.annotations.NullMarked;
