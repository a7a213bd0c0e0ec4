package dev.pipelinejob.operator.apply;

/// Who owns the fields that the operator writes.
public final class FieldManagers {
    /// Of what it makes.
    static final String CONTROLLER = "pipelinejob-controller";
    /// Of a status.
    public static final String STATUS = "pipelinejob-status";

    private FieldManagers() {}
}
