/// The resources of API version v1alpha1 as records, with the schema's annotations and rules beside each field. Data
/// only: what a field does is written where it is carried out.
@NullMarked
package dev.pipelinejob.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
