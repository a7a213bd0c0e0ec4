package dev.pipelinejob.operator.apply;

/// Who owns the fields that the operator writes.
final class FieldManagers {
    /// Of what it makes.
    static final String CONTROLLER = "pipelinejob-controller";
    /// Of a job's status.
    static final String STATUS = "pipelinejob-status";

    private FieldManagers() {}
}
