/// Who a worker is: tokens are verified here and turned into short-lived certificates of this operator's own CA.
/// What TLS does with certificates lives in `protocol.identity`; which worker belongs to which job, in the drivers.
@NullMarked
package dev.pipelinejob.operator.identity;

import org.jspecify.annotations.NullMarked;
