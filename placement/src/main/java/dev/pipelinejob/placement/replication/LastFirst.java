package dev.pipelinejob.placement.replication;

import java.util.ArrayDeque;
import java.util.Deque;

/// An order of all layers from the end of a model to its start.
final class LastFirst {
    private LastFirst() {}

    /// Each layer behind all that read from it, and close to those that it feeds.
    static int[] order(Layers layers) {
        int[] waiting = new int[layers.size()];
        Deque<Integer> ready = new ArrayDeque<>();
        for (int layer = 0; layer < waiting.length; layer++) {
            waiting[layer] = layers.targets(layer).length;
            if (waiting[layer] == 0) {
                ready.push(layer);
            }
        }
        int[] order = new int[waiting.length];
        for (int place = 0; place < order.length; place++) {
            int layer = ready.pop();
            order[place] = layer;
            for (int source : layers.sources(layer)) {
                if (--waiting[source] == 0) {
                    ready.push(source);
                }
            }
        }
        return order;
    }
}
