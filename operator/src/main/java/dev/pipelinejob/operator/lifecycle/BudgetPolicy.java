package dev.pipelinejob.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many restarts a job may have, and how long it waits before each. The first failure is answered at once; from
/// the second one on each waits twice as long as the one before. A job that stayed healthy for long enough begins anew.
final class BudgetPolicy {
    private static final int SPREAD_PARTS = 16;
    /// So many failures in a row, without a step between them, are answered as fast as the user's back-off wants.
    private static final int FREE_TRIES = 2;

    private static final Duration LEAST_WAIT = Duration.ofSeconds(1);
    /// Up to 32 s.
    private static final int MAX_DOUBLINGS = 5;

    private final FailurePolicy policy;

    BudgetPolicy(FailurePolicy policy) {
        this.policy = policy;
    }

    /// The failures that still count at `now`, when the job has been healthy since `healthySince`, null when it is not.
    List<Instant> stillCounted(List<Instant> chargedAt, @Nullable Instant healthySince, Instant now) {
        if (healthySince != null && !now.isBefore(healthySince.plus(policy.resetAfter()))) {
            return List.of();
        }
        Instant windowStart = now.minus(policy.window());
        return chargedAt.stream().filter(at -> at.isAfter(windowStart)).toList();
    }

    /// One more failure. At most one more than the budget is remembered.
    List<Instant> charge(List<Instant> chargedAt, Instant now) {
        List<Instant> more = new ArrayList<>(chargedAt);
        more.add(now);
        int keep = Math.min(more.size(), policy.maxRestarts() + 1);
        return List.copyOf(more.subList(more.size() - keep, more.size()));
    }

    boolean exhausted(List<Instant> chargedAt) {
        return chargedAt.size() > policy.maxRestarts();
    }

    /// From when on the next attempt may be claimed. Failures that are not charged wait too when they come in a row
    /// without a completed step between them.
    Instant notBefore(Journal journal, Fault fault) {
        Instant uncharged = fault.detectedAt().plus(later(backoff(journal.fruitless()), least(journal.fruitless())));
        if (!fault.charged() || journal.chargedAt().isEmpty()) {
            return uncharged;
        }
        Instant charged =
                journal.chargedAt().getLast().plus(backoff(journal.chargedAt().size()));
        return charged.isAfter(uncharged) ? charged : uncharged;
    }

    /// Also where the user wants no back-off, something that fails time and again before a step is completed must not
    /// be tried in a tight loop.
    private static Duration least(int fruitless) {
        if (fruitless <= FREE_TRIES) {
            return Duration.ZERO;
        }
        int doublings = Math.min(fruitless - FREE_TRIES - 1, MAX_DOUBLINGS);
        return LEAST_WAIT.multipliedBy(1L << doublings);
    }

    private static Duration later(Duration first, Duration second) {
        return first.compareTo(second) > 0 ? first : second;
    }

    /// From when on workers may be started again after not all could be. Jobs that wait for the same room must not
    /// come back at the same moment, so each adds its own part of the wait.
    Instant startsAt(Journal journal, String job, Instant now) {
        Duration wait = backoff(Math.max(2, journal.fruitless()));
        long spread = Math.floorMod(job.hashCode(), SPREAD_PARTS);
        return now.plus(wait).plus(wait.multipliedBy(spread).dividedBy(SPREAD_PARTS));
    }

    /// From when on a spare may be started again after so many have failed in a row.
    Instant sparesAt(int failures, Instant now) {
        return now.plus(later(backoff(failures), least(failures)));
    }

    /// The wait after the n-th failure in a row, from 1.
    Duration backoff(int failures) {
        if (failures < 2) {
            return Duration.ZERO;
        }
        Duration wait = policy.backoffInitial();
        for (int doubled = 2; doubled < failures && wait.compareTo(policy.backoffMax()) < 0; doubled++) {
            wait = wait.plus(wait);
            if (wait.isZero()) {
                break;
            }
        }
        return wait.compareTo(policy.backoffMax()) < 0 ? wait : policy.backoffMax();
    }
}
