/// The controller: which jobs are driven here, and what makes each look again; and the count of the nodes by each
/// topology. One look at a job is observe, decide, apply, report; all four are done elsewhere.
@NullMarked
package dev.pipelinejob.operator.reconcile;

import org.jspecify.annotations.NullMarked;
