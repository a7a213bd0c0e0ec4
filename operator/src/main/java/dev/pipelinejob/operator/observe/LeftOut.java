package dev.pipelinejob.operator.observe;

/// A node without room for a slot, and why.
///
/// @param node its name
/// @param reason the first thing that stands in the way
/// @param detail the resource, taint or architecture; empty where the reason says all
public record LeftOut(String node, Reason reason, String detail) {
    /// What stands in the way.
    public enum Reason {
        /// All that is asked for is there, but taken.
        FULL("has no free %s", "have no free %s"),
        /// It never had so much, or none at all.
        TOO_SMALL("offers too little %s", "offer too little %s"),
        CORDONED("is cordoned", "are cordoned"),
        NOT_READY("is not ready", "are not ready"),
        /// It failed lately.
        AVOIDED("failed lately and is avoided", "failed lately and are avoided"),
        NOT_SELECTED("is not what nodeSelector or affinity ask for", "are not what nodeSelector or affinity ask for"),
        TAINTED(
                "has the taint %s, which the job does not tolerate",
                "have the taint %s, which the job does not tolerate"),
        ARCHITECTURE("is %s, which the worker's image is not for", "are %s, which the worker's image is not for");

        private final String one;
        private final String several;

        Reason(String one, String several) {
            this.one = one;
            this.several = several;
        }

        /// What is said of so many nodes.
        String words(int nodes, String detail) {
            return (nodes == 1 ? one : several).formatted(detail);
        }
    }
}
