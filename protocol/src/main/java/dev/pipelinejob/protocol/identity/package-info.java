/// How operator and workers prove who they are: SPIFFE identities in certificates, and the credentials that check
/// them. Both sides share this code, so neither can be laxer than the other.
@NullMarked
package dev.pipelinejob.protocol.identity;

import org.jspecify.annotations.NullMarked;
