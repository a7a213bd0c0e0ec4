package dev.pipelinejob.placement.partition.cpsat;

import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import dev.pipelinejob.placement.partition.SearchControl;
import dev.pipelinejob.placement.partition.UnitGraph;
import dev.pipelinejob.placement.partition.scattered.Prover;
import org.jspecify.annotations.Nullable;

/// Asks the solver for a split of any shape that is better than the known one.
final class ScatteredProver implements Prover {
    private static final long MOST_VARIABLES = 400_000;
    /// Smaller questions are answered at once without exchanges.
    private static final long FEW_VARIABLES = 600;

    private static final double SHARE_OF_EXCHANGES = 0.4;
    private static final double LEAST_SECONDS = 0.01;
    private static final double NANOS_PER_SECOND = 1e9;

    private final int threads;
    private final long seed;

    ScatteredProver(int threads, long seed) {
        this.threads = threads;
        this.seed = seed;
    }

    @Override
    public Finding improve(UnitGraph graph, int @Nullable [] known, double lowerBound, SearchControl control) {
        long variables = (long) (graph.units() + graph.nets()) * (graph.accelerators() + graph.cpus());
        double seconds = (control.deadlineNanos() - control.nanoClock().getAsLong()) / NANOS_PER_SECOND;
        if (variables > MOST_VARIABLES || seconds <= 0) {
            return new Finding(null, lowerBound);
        }
        int[] start = known;
        if (known != null && variables > FEW_VARIABLES) {
            SearchControl share = control.withShareOfTime(SHARE_OF_EXCHANGES);
            start = new NeighbourhoodSearch(graph, threads, seed, share).better(known);
            seconds = (control.deadlineNanos() - control.nanoClock().getAsLong()) / NANOS_PER_SECOND;
        }
        Finding finding = solve(graph, start, lowerBound, Math.max(seconds, LEAST_SECONDS));
        return finding.deviceOfUnit() == null && start != known ? new Finding(start, finding.lowerBound()) : finding;
    }

    private Finding solve(UnitGraph graph, int @Nullable [] known, double lowerBound, double seconds) {
        ScatteredModel model = new ScatteredModel(graph, known, lowerBound);
        CpSolver solver = new CpSolver();
        solver.getParameters().setNumWorkers(threads);
        solver.getParameters().setMaxTimeInSeconds(seconds);
        solver.getParameters().setRandomSeed((int) (seed & Integer.MAX_VALUE));
        CpSolverStatus status = solver.solve(model.model());
        return switch (status) {
            case OPTIMAL, FEASIBLE -> new Finding(model.assignment(solver), bound(model, solver, lowerBound));
            case INFEASIBLE -> new Finding(null, known == null ? Double.POSITIVE_INFINITY : lowerBound);
            case UNKNOWN -> new Finding(null, bound(model, solver, lowerBound));
            case MODEL_INVALID, UNRECOGNIZED ->
                throw new IllegalStateException("The solver refused the model of a split: " + status + ".");
        };
    }

    private static double bound(ScatteredModel model, CpSolver solver, double lowerBound) {
        return Math.max(lowerBound, model.millis(solver.bestObjectiveBound()));
    }
}
