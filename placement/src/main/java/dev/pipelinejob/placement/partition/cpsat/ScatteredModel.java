package dev.pipelinejob.placement.partition.cpsat;

import com.google.ortools.sat.BoolVar;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.IntVar;
import com.google.ortools.sat.LinearExpr;
import com.google.ortools.sat.LinearExprBuilder;
import com.google.ortools.sat.Literal;
import dev.pipelinejob.placement.partition.Limits;
import dev.pipelinejob.placement.partition.UnitGraph;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Splits of any shape as constraints over whole numbers.
///
/// Times are rounded down, so that what the solver proves holds for the true times, too. A variable for each unit and
/// device says whether it is there; one for each net and accelerator says whether the net meets it and sticks out.
/// Equal accelerators are told apart by the heaviest units: the i-th heaviest is on one of the first i.
final class ScatteredModel {
    private static final double MOST_TIME = 0x1p44;

    private final CpModel model = new CpModel();
    private final UnitGraph graph;
    private final int accelerators;
    private final int devices;
    private final double scale;
    private final int[] byWeight;
    private final BoolVar[][] on;
    private final IntVar value;

    ScatteredModel(UnitGraph graph, int @Nullable [] known, double lowerBound) {
        this.graph = graph;
        this.accelerators = graph.accelerators();
        this.devices = accelerators + graph.cpus();
        this.scale = Math.max(1, Math.floor(MOST_TIME / Limits.enough(graph)));
        this.byWeight = IntStream.range(0, graph.units())
                .boxed()
                .sorted((a, b) -> Double.compare(graph.work(b), graph.work(a)))
                .mapToInt(unit -> unit)
                .toArray();
        this.on = new BoolVar[graph.units()][devices];
        double limit = known == null ? Limits.enough(graph) : graph.value(known);
        this.value = model.newIntVar(floor(lowerBound), Math.max(floor(lowerBound), floor(limit)), "value");
        placeUnits();
        limitLoads(stickOut());
        limitMemory();
        if (known != null) {
            hint(known);
        }
        model.minimize(value);
    }

    CpModel model() {
        return model;
    }

    private long floor(double millis) {
        return (long) Math.floor(millis * scale);
    }

    double millis(double scaled) {
        return Math.floor(scaled + 1e-6) / scale * (1 - 1e-15);
    }

    int[] assignment(CpSolver solver) {
        int[] deviceOfUnit = new int[graph.units()];
        for (int unit = 0; unit < deviceOfUnit.length; unit++) {
            for (int device = 0; device < devices; device++) {
                if (solver.booleanValue(on[unit][device])) {
                    deviceOfUnit[unit] = device;
                }
            }
        }
        return deviceOfUnit;
    }

    private void placeUnits() {
        for (int rank = 0; rank < byWeight.length; rank++) {
            int unit = byWeight[rank];
            for (int device = 0; device < devices; device++) {
                on[unit][device] = model.newBoolVar("");
                boolean hidden = device < accelerators && (device > rank || !graph.supported(unit));
                if (hidden) {
                    model.addEquality(on[unit][device], 0);
                }
            }
            model.addExactlyOne(on[unit]);
        }
    }

    /// For each net and accelerator, whether the net meets it and is not inside.
    private BoolVar[][] stickOut() {
        BoolVar[][] cut = new BoolVar[graph.nets()][accelerators];
        for (int net = 0; net < graph.nets(); net++) {
            int first = graph.pins().item(graph.pins().from(net));
            for (int device = 0; device < accelerators; device++) {
                cut[net][device] = model.newBoolVar("");
                for (int pin = graph.pins().from(net) + 1; pin < graph.pins().end(net); pin++) {
                    BoolVar here = on[first][device];
                    BoolVar there = on[graph.pins().item(pin)][device];
                    model.addBoolOr(new Literal[] {here.not(), there, cut[net][device]});
                    model.addBoolOr(new Literal[] {here, there.not(), cut[net][device]});
                }
            }
        }
        return cut;
    }

    private void limitLoads(BoolVar[][] cut) {
        for (int device = 0; device < devices; device++) {
            LinearExprBuilder load = LinearExpr.newBuilder();
            for (int unit = 0; unit < graph.units(); unit++) {
                double millis = device < accelerators ? graph.work(unit) : graph.cpuWork(unit);
                if (Double.isInfinite(millis)) {
                    model.addEquality(on[unit][device], 0);
                } else if (floor(millis) > 0) {
                    load.addTerm(on[unit][device], floor(millis));
                }
            }
            for (int net = 0; net < graph.nets() && device < accelerators; net++) {
                load.addTerm(cut[net][device], floor(graph.netMillis(net)));
            }
            model.addLessOrEqual(load, value);
        }
    }

    private void limitMemory() {
        if (graph.totalBytes() <= graph.memoryBytes()) {
            return;
        }
        for (int device = 0; device < accelerators; device++) {
            LinearExprBuilder bytes = LinearExpr.newBuilder();
            for (int unit = 0; unit < graph.units(); unit++) {
                bytes.addTerm(on[unit][device], (long) Math.floor(graph.bytes(unit)));
            }
            model.addLessOrEqual(bytes, (long) Math.floor(graph.memoryBytes()));
        }
    }

    /// The known split, its accelerators renamed in the order in which the heaviest units meet them.
    private void hint(int[] known) {
        int[] name = new int[devices];
        Arrays.fill(name, -1);
        int names = 0;
        for (int unit : byWeight) {
            if (known[unit] < accelerators && name[known[unit]] < 0) {
                name[known[unit]] = names++;
            }
        }
        for (int unit = 0; unit < known.length; unit++) {
            int device = known[unit] < accelerators ? name[known[unit]] : known[unit];
            for (int other = 0; other < devices; other++) {
                model.addHint(on[unit][other], other == device);
            }
        }
    }
}
