package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// A growing list of numbers.
final class IntQueue {
    private int[] items = new int[16];
    private int size;

    void add(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, 2 * size);
        }
        items[size++] = item;
    }

    int get(int index) {
        return items[index];
    }

    int size() {
        return size;
    }
}
