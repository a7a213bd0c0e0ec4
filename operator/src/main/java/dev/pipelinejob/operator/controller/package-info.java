/// Puts the operator together from its parts, starts it and ends it. Nothing imports this but the command line.
@NullMarked
package dev.pipelinejob.operator.controller;

import org.jspecify.annotations.NullMarked;
