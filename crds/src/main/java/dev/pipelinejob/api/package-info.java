/// Names of the API that users and other tools meet: group, labels, annotations, condition types and reasons. The
/// only home of such strings; nothing here knows a resource class.
@NullMarked
package dev.pipelinejob.api;

import org.jspecify.annotations.NullMarked;
