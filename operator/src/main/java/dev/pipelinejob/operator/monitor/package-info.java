/// The control server: enrolment, one session a supervisor, and the last word of every worker as a value.
/// It delivers and collects messages and decides nothing; what follows from them is the lifecycle's business.
@NullMarked
package dev.pipelinejob.operator.monitor;

import org.jspecify.annotations.NullMarked;
