package dev.pipelinejob.operator.lifecycle;

import java.util.Random;

/// What can go wrong in the simulated world, and what heals by itself.
final class SimulatedFaults {
    private final SimulatedWorld world;
    private final Random random;

    SimulatedFaults(SimulatedWorld world) {
        this.world = world;
        this.random = world.random;
    }

    void strike() {
        SimulatedSlot slot = world.slots.get(random.nextInt(world.slots.size()));
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> killEngine(slot);
            case 3 -> killSupervisor(slot);
            case 4 -> {
                world.slots.forEach(this::killSometimes);
            }
            case 5 -> hang(slot);
            case 6 -> partition(slot);
            case 7 -> cutLink(slot);
            case 8 -> world.slots.forEach(this::cutLink);
            case 9 -> {
                if (!world.committed.isEmpty()) {
                    world.corrupt.add(world.committed.last());
                }
            }
            case 10 -> restartOperator();
            default -> {
                if (random.nextInt(3) == 0) {
                    world.userError = true;
                    world.chargeableFaults++;
                    slot.engineDies(2, 0, world.now);
                } else {
                    stopEverything();
                }
            }
        }
    }

    private void killSometimes(SimulatedSlot slot) {
        if (random.nextBoolean()) {
            killEngine(slot);
        }
    }

    private void killEngine(SimulatedSlot slot) {
        world.chargeableFaults++;
        slot.engineDies(137, 9, world.now);
    }

    private void killSupervisor(SimulatedSlot slot) {
        world.chargeableFaults++;
        slot.supervisorDies(world.now);
    }

    private void hang(SimulatedSlot slot) {
        if (slot.engine instanceof EngineState.Up && slot.isSound()) {
            // A hang is found by the progress deadline or a prepare timeout, and may need both.
            world.chargeableFaults += 2;
            slot.hung = true;
        }
    }

    private void partition(SimulatedSlot slot) {
        if (slot.isSound()) {
            world.chargeableFaults += 2;
            slot.partitioned = true;
            slot.session = new Session.Silent(world.now);
        }
    }

    private void cutLink(SimulatedSlot slot) {
        if (slot.isSound() && slot.session instanceof Session.Connected) {
            slot.linkDown = true;
            slot.session = new Session.Silent(world.now);
            // Only what a worker does not hear while its link is down can cost an attempt.
            world.chargeableFaults++;
        }
    }

    /// Its memory of orders is gone, its sessions come back, and in one of two cases the journal was not kept.
    private void restartOperator() {
        for (SimulatedSlot slot : world.slots) {
            slot.orders = Orders.NONE;
        }
        if (random.nextBoolean()) {
            world.journal = Journal.EMPTY;
        }
        world.planning = new PlanningState.NotAsked();
    }

    private void stopEverything() {
        world.slots.forEach(SimulatedSlot::release);
        restartOperator();
    }

    void heal() {
        for (SimulatedSlot slot : world.slots) {
            if (slot.linkDown && random.nextInt(30) == 0) {
                slot.linkDown = false;
                slot.session = new Session.Connected();
                slot.orders = Orders.NONE;
            }
        }
    }
}
