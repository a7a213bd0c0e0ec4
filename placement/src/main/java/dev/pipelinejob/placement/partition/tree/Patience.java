package dev.pipelinejob.placement.partition.tree;

/// When a search on a tree has done enough, short of a proof and of its time.
///
/// @param gap it ends once its split is proved to be at most this part above the best
/// @param endsWhenIdle whether it also ends when as much work again no longer pays
public record Patience(double gap, boolean endsWhenIdle) {
    private static final double NEAR = 0.05;

    /// Ends with a good split: near to its bound, or not much better after more work.
    public static final Patience SOON = new Patience(NEAR, true);

    /// Goes on until the gap is that small or time is over.
    public static Patience until(double gap) {
        return new Patience(gap, false);
    }
}
