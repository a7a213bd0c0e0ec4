/// What is done to a cluster: pods, ConfigMaps, status, events, the control Service's endpoint. Carries out what was
/// decided elsewhere, and every call may come twice.
@NullMarked
package dev.pipelinejob.operator.apply;

import org.jspecify.annotations.NullMarked;
