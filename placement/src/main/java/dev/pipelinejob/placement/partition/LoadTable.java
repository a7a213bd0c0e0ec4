package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// The loads of all devices, kept up to date while units move one at a time.
public final class LoadTable {
    private final UnitGraph graph;
    private final int devices;
    private final int accelerators;
    private final int[] deviceOfUnit;
    private final double[] loads;
    private final double[] bytes;
    /// Pins of each net on each device, and how many devices each net meets.
    private final int[] pinsOn;

    private final int[] met;

    public LoadTable(UnitGraph graph, int[] start) {
        this.graph = graph;
        this.accelerators = graph.accelerators();
        this.devices = accelerators + graph.cpus();
        this.deviceOfUnit = new int[graph.units()];
        this.loads = new double[devices];
        this.bytes = new double[devices];
        this.pinsOn = new int[Math.multiplyExact(graph.nets(), devices)];
        this.met = new int[graph.nets()];
        set(start);
    }

    /// Starts again from an assignment, free of what rounding gathered.
    public void set(int[] assignment) {
        System.arraycopy(assignment, 0, deviceOfUnit, 0, deviceOfUnit.length);
        Arrays.fill(bytes, 0);
        Arrays.fill(pinsOn, 0);
        Arrays.fill(met, 0);
        for (int unit = 0; unit < deviceOfUnit.length; unit++) {
            bytes[deviceOfUnit[unit]] += graph.bytes(unit);
        }
        for (int net = 0; net < met.length; net++) {
            for (int pin = graph.pins().from(net); pin < graph.pins().end(net); pin++) {
                int slot = net * devices + deviceOfUnit[graph.pins().item(pin)];
                met[net] += pinsOn[slot]++ == 0 ? 1 : 0;
            }
        }
        System.arraycopy(graph.loads(deviceOfUnit), 0, loads, 0, devices);
    }

    public int deviceOf(int unit) {
        return deviceOfUnit[unit];
    }

    public int[] copy() {
        return deviceOfUnit.clone();
    }

    public boolean fits(int unit, int device) {
        return device >= accelerators
                || (graph.supported(unit) && bytes[device] + graph.bytes(unit) <= graph.memoryBytes());
    }

    public double largest() {
        double largest = 0;
        for (double load : loads) {
            largest = Math.max(largest, load);
        }
        return largest;
    }

    /// The sum of the sixteenth powers of the loads, each as a part of the scale.
    public double energy(double scale) {
        double sum = 0;
        for (double load : loads) {
            double square = load * load / (scale * scale);
            double fourth = square * square;
            double eighth = fourth * fourth;
            sum += eighth * eighth;
        }
        return sum;
    }

    public void move(int unit, int to) {
        int from = deviceOfUnit[unit];
        deviceOfUnit[unit] = to;
        loads[from] -= from < accelerators ? graph.work(unit) : graph.cpuWork(unit);
        loads[to] += to < accelerators ? graph.work(unit) : graph.cpuWork(unit);
        bytes[from] -= graph.bytes(unit);
        bytes[to] += graph.bytes(unit);
        IntLists nets = graph.netsOfUnit();
        for (int position = nets.from(unit); position < nets.end(unit); position++) {
            moveNet(nets.item(position), from, to);
        }
    }

    private void moveNet(int net, int from, int to) {
        double millis = graph.netMillis(net);
        boolean wasCut = met[net] > 1;
        boolean leaves = --pinsOn[net * devices + from] == 0;
        boolean enters = pinsOn[net * devices + to]++ == 0;
        met[net] += (enters ? 1 : 0) - (leaves ? 1 : 0);
        boolean isCut = met[net] > 1;
        if (wasCut && (leaves || !isCut)) {
            pay(from, -millis);
        } else if (!wasCut && isCut && !leaves) {
            pay(from, millis);
        }
        if (isCut && (enters || !wasCut)) {
            pay(to, millis);
        } else if (wasCut && !isCut && !enters) {
            pay(to, -millis);
        }
    }

    private void pay(int device, double millis) {
        if (device < accelerators) {
            loads[device] += millis;
        }
    }
}
