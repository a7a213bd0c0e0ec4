package dev.pipelinejob.placement.partition.tree;

/// When a search on a tree has done enough, short of a proof and of its time.
///
/// @param gap it ends once its split is proved to be at most this part above the best
/// @param endsWhenIdle whether it also ends when as much work again no longer pays
/// @param plainSeconds how long it may look for the best split that knows no tree, where that is not soon proved: the
///     answer is never worse than that split laid on the leaves
public record Patience(double gap, boolean endsWhenIdle, double plainSeconds) {
    private static final double NEAR = 0.05;
    private static final double PLAIN_SECONDS = 5;

    /// Ends with a good split: near to its bound, or not much better after more work.
    public static final Patience SOON = new Patience(NEAR, true, 0);

    /// The same, but looks longer where a plain split is hard to find, as on wide graphs.
    public static final Patience SOON_BUT_SURE = new Patience(NEAR, true, PLAIN_SECONDS);

    /// Goes on until the gap is that small or time is over.
    public static Patience until(double gap) {
        return new Patience(gap, false, PLAIN_SECONDS);
    }
}
