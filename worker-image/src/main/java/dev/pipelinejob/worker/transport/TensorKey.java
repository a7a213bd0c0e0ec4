package dev.pipelinejob.worker.transport;

/// What a message is, as both of its ends know from their operation lists.
///
/// @param step number of the optimizer step
/// @param kind what is sent
/// @param stage activations and gradients: the stage above the boundary that they cross; statistics and parts: the
///     stage that they are of; otherwise -1
/// @param microBatch index within the step, or -1
public record TensorKey(int step, Kind kind, int stage, int microBatch) {
    /// What is sent, with its number on the wire.
    public enum Kind {
        ACTIVATION(1),
        GRADIENT(2),
        TIED_GRADIENT(3),
        STATISTICS(4),
        CLIP(5),
        PART(6);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        /// The kind with a number on the wire.
        ///
        /// @throws IllegalArgumentException when there is none
        public static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("No message has kind " + code + ".");
        }
    }
}
