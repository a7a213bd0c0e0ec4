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

/// A few devices of a known split whose units may change places among them; all others stay.
///
/// A net with a pin elsewhere sticks out of each of these devices that it meets, and the other devices pay for it
/// whatever happens here, so that their loads do not change.
final class NeighbourhoodModel {
    private static final double MOST_TIME = 0x1p40;

    private final CpModel model = new CpModel();
    private final UnitGraph graph;
    private final int[] known;
    private final int[] devices;
    private final double scale;
    private final BoolVar[][] on;
    private final LinearExprBuilder[] loads;

    /// Asks for the least largest load of these devices, below what it is now.
    NeighbourhoodModel(UnitGraph graph, int[] known, int[] devices, double largest) {
        this.graph = graph;
        this.known = known.clone();
        this.devices = devices.clone();
        this.scale = Math.max(1, Math.floor(MOST_TIME / Limits.enough(graph)));
        this.on = new BoolVar[graph.units()][];
        this.loads = new LinearExprBuilder[devices.length];
        Arrays.setAll(loads, _ -> LinearExpr.newBuilder());
        placeUnits();
        for (int net = 0; net < graph.nets(); net++) {
            payFor(net);
        }
        IntVar value = model.newIntVar(0, (long) Math.floor(largest * scale), "value");
        for (LinearExprBuilder load : loads) {
            model.addLessOrEqual(load, value);
        }
        limitMemory();
        model.minimize(value);
    }

    CpModel model() {
        return model;
    }

    /// The split that the solver found.
    int[] assignment(CpSolver solver) {
        int[] deviceOfUnit = known.clone();
        for (int unit = 0; unit < deviceOfUnit.length; unit++) {
            for (int index = 0; on[unit] != null && index < devices.length; index++) {
                if (solver.booleanValue(on[unit][index])) {
                    deviceOfUnit[unit] = devices[index];
                }
            }
        }
        return deviceOfUnit;
    }

    private boolean isAccelerator(int index) {
        return devices[index] < graph.accelerators();
    }

    private void placeUnits() {
        for (int unit = 0; unit < known.length; unit++) {
            int home = known[unit];
            if (Arrays.stream(devices).noneMatch(device -> device == home)) {
                continue;
            }
            on[unit] = new BoolVar[devices.length];
            for (int index = 0; index < devices.length; index++) {
                on[unit][index] = model.newBoolVar("");
                double millis = isAccelerator(index) ? graph.work(unit) : graph.cpuWork(unit);
                if (Double.isInfinite(millis) || (isAccelerator(index) && !graph.supported(unit))) {
                    model.addEquality(on[unit][index], 0);
                } else {
                    loads[index].addTerm(on[unit][index], (long) Math.floor(millis * scale));
                }
                model.addHint(on[unit][index], devices[index] == home);
            }
            model.addExactlyOne(on[unit]);
        }
    }

    private void payFor(int net) {
        int[] pins = Arrays.copyOfRange(
                graph.pins().items(), graph.pins().from(net), graph.pins().end(net));
        int[] free = Arrays.stream(pins).filter(unit -> on[unit] != null).toArray();
        long millis = (long) Math.floor(graph.netMillis(net) * scale);
        for (int index = 0; index < devices.length && free.length > 0 && millis > 0; index++) {
            if (!isAccelerator(index)) {
                continue;
            }
            BoolVar sticksOut = model.newBoolVar("");
            loads[index].addTerm(sticksOut, millis);
            for (int pin = 0; pin < free.length; pin++) {
                Literal here = on[free[pin]][index];
                if (free.length < pins.length) {
                    model.addImplication(here, sticksOut);
                } else if (pin > 0) {
                    Literal first = on[free[0]][index];
                    model.addBoolOr(new Literal[] {first.not(), here, sticksOut});
                    model.addBoolOr(new Literal[] {first, here.not(), sticksOut});
                }
            }
        }
    }

    private void limitMemory() {
        if (graph.totalBytes() <= graph.memoryBytes()) {
            return;
        }
        for (int index = 0; index < devices.length; index++) {
            LinearExprBuilder bytes = LinearExpr.newBuilder();
            for (int unit = 0; unit < known.length && isAccelerator(index); unit++) {
                if (on[unit] != null) {
                    bytes.addTerm(on[unit][index], (long) Math.ceil(graph.bytes(unit)));
                }
            }
            if (isAccelerator(index)) {
                model.addLessOrEqual(bytes, (long) Math.floor(graph.memoryBytes()));
            }
        }
    }
}
