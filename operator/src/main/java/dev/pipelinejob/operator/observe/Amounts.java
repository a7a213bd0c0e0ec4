package dev.pipelinejob.operator.observe;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// How much of each resource: offered, asked for, or left.
///
/// @param cpuMillis thousandths of a core
/// @param memoryBytes memory
/// @param storageBytes ephemeral storage
/// @param devices whole units of extended resources, by name
public record Amounts(long cpuMillis, long memoryBytes, long storageBytes, Map<String, Long> devices) {
    static final String CPU = "cpu";
    static final String MEMORY = "memory";
    static final String STORAGE = "ephemeral-storage";

    /// Nothing.
    public static final Amounts NONE = new Amounts(0, 0, 0, Map.of());

    private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

    public Amounts {
        devices = Map.copyOf(devices);
    }

    /// What Kubernetes writes as quantities. Requests are rounded up, so that nothing that is asked for is forgotten;
    /// of what we count, only cores have fractions.
    public static Amounts of(Map<String, Quantity> quantities) {
        if (quantities.isEmpty()) {
            return NONE;
        }
        Map<String, Long> devices = new TreeMap<>();
        quantities.forEach((resource, quantity) -> {
            if (resource.contains("/")) {
                devices.put(resource.intern(), whole(quantity.getNumericalAmount()));
            }
        });
        return new Amounts(
                whole(amount(quantities, CPU).multiply(MILLIS)),
                whole(amount(quantities, MEMORY)),
                whole(amount(quantities, STORAGE)),
                devices);
    }

    private static BigDecimal amount(Map<String, Quantity> quantities, String resource) {
        Quantity quantity = quantities.get(resource);
        return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
    }

    private static long whole(BigDecimal amount) {
        return amount.setScale(0, RoundingMode.UP).longValue();
    }

    /// How many whole ones of each resource that is counted in pieces: cores and devices.
    public Map<String, Long> whole() {
        Map<String, Long> counts = new TreeMap<>(devices);
        counts.put(CPU, cpuMillis / MILLIS.longValue());
        return counts;
    }

    Amounts plus(Amounts other) {
        return combined(other, 1);
    }

    Amounts minus(Amounts other) {
        return combined(other, -1);
    }

    private Amounts combined(Amounts other, int sign) {
        Map<String, Long> sum = devices;
        if (!other.devices.isEmpty()) {
            sum = new TreeMap<>(devices);
            for (Map.Entry<String, Long> device : other.devices.entrySet()) {
                sum.merge(device.getKey(), sign * device.getValue(), Long::sum);
            }
        }
        return new Amounts(
                cpuMillis + sign * other.cpuMillis,
                memoryBytes + sign * other.memoryBytes,
                storageBytes + sign * other.storageBytes,
                sum);
    }

    Amounts atLeast(Amounts other) {
        TreeSet<String> names = new TreeSet<>(devices.keySet());
        names.addAll(other.devices.keySet());
        Map<String, Long> most = new TreeMap<>();
        names.forEach(name -> most.put(name, Math.max(device(name), other.device(name))));
        return new Amounts(
                Math.max(cpuMillis, other.cpuMillis),
                Math.max(memoryBytes, other.memoryBytes),
                Math.max(storageBytes, other.storageBytes),
                most);
    }

    long device(String name) {
        return devices.getOrDefault(name, 0L);
    }

    /// How often each resource that is asked for fits here, by name in a fixed order: devices first, because they
    /// are what people look for.
    SortedMap<String, Long> fits(Amounts asked) {
        SortedMap<String, Long> times = new TreeMap<>();
        asked.devices.forEach((name, count) -> put(times, name, device(name), count));
        put(times, CPU, cpuMillis, asked.cpuMillis);
        put(times, MEMORY, memoryBytes, asked.memoryBytes);
        put(times, STORAGE, storageBytes, asked.storageBytes);
        return times;
    }

    private static void put(SortedMap<String, Long> times, String name, long offered, long asked) {
        if (asked > 0) {
            times.put(name, Math.max(0, offered) / asked);
        }
    }
}
