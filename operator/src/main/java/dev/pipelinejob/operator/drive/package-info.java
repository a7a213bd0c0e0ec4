/// One job driven round by round, on whatever its slots are: observe, decide, keep the journal, carry out. Knows no
/// process and no pod; what differs between one machine and a cluster comes in through its ports.
@NullMarked
package dev.pipelinejob.operator.drive;

import org.jspecify.annotations.NullMarked;
