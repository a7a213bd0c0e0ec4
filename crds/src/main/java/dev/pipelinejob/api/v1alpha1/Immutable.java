package dev.pipelinejob.api.v1alpha1;

/// The rules of fields that never change once a job exists.
final class Immutable {
    /// The field is what it was.
    static final String UNCHANGED = "self == oldSelf";

    private static final String WAY_OUT = ": create a job with another name";

    /// For a number.
    static final String NUMBER_MESSAGE = "'cannot change from %d to %d, because the losses so far come from it"
            + WAY_OUT + "'.format([oldSelf, self])";

    /// For whatever decided the losses so far.
    static final String LOSSES_MESSAGE = "cannot change, because the losses so far come from it" + WAY_OUT;

    /// For whatever decided the shape of the checkpoints so far.
    static final String CHECKPOINTS_MESSAGE = "cannot change, because the checkpoints so far belong to it" + WAY_OUT;

    private Immutable() {}
}
