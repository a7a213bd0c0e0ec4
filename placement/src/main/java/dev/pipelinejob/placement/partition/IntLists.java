package dev.pipelinejob.placement.partition;

import java.util.Arrays;

/// Many short lists of numbers in two arrays: list `i` is `items[start[i]]` up to `items[start[i + 1]]` (exclusive).
///
/// @param start where each list starts, and at the end the number of all items
/// @param items the lists, one after the other
@SuppressWarnings("ArrayRecordComponent") // read in inner loops and never compared
public record IntLists(int[] start, int[] items) {
    /// From pairs (list, item), each list ascending and without repeats.
    public static IntLists ofPairs(int lists, int[] list, int[] item, int pairs) {
        int[] start = new int[lists + 1];
        for (int pair = 0; pair < pairs; pair++) {
            start[list[pair] + 1]++;
        }
        for (int index = 0; index < lists; index++) {
            start[index + 1] += start[index];
        }
        int[] items = new int[pairs];
        int[] next = Arrays.copyOf(start, lists);
        for (int pair = 0; pair < pairs; pair++) {
            items[next[list[pair]]++] = item[pair];
        }
        int kept = 0;
        int from = 0;
        for (int index = 0; index < lists; index++) {
            int end = start[index + 1];
            Arrays.sort(items, from, end);
            int first = kept;
            for (int position = from; position < end; position++) {
                if (kept == first || items[kept - 1] != items[position]) {
                    items[kept++] = items[position];
                }
            }
            from = end;
            start[index + 1] = kept;
        }
        return new IntLists(start, Arrays.copyOf(items, kept));
    }

    public int lists() {
        return start.length - 1;
    }

    public int size(int list) {
        return start[list + 1] - start[list];
    }

    public int from(int list) {
        return start[list];
    }

    public int end(int list) {
        return start[list + 1];
    }

    public int item(int position) {
        return items[position];
    }

    /// Which lists hold each item; lists ascending.
    public IntLists inverse(int values) {
        int[] list = new int[items.length];
        for (int index = 0; index < lists(); index++) {
            Arrays.fill(list, start[index], start[index + 1], index);
        }
        return ofPairs(values, items, list, items.length);
    }
}
