/// Judges a resource in a local file as the API server would, from the same committed definitions: strict YAML, schema,
/// defaults and CEL rules. Nothing here looks at what a resource means, only at whether it is one.
@NullMarked
package dev.pipelinejob.operator.admission;

import org.jspecify.annotations.NullMarked;
