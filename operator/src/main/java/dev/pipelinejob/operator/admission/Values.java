package dev.pipelinejob.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// How values and fields are put into sentences, and into CEL's types.
final class Values {
    /// Longer values are cut short in messages.
    private static final int MAX_SHOWN = 60;
    /// A field name further away than this is no misspelling.
    private static final int MAX_EDITS = 3;

    private Values() {}

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static String show(JsonNode value) {
        String text = value.toString();
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    static String lowerFirst(String sentence) {
        return sentence.isEmpty() ? "it" : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }

    static String oneOf(JsonNode allowed) {
        List<String> words = StreamSupport.stream(allowed.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        return words.size() == 1 ? words.getFirst() : "one of " + String.join(", ", words);
    }

    /// What an object with these members looks like.
    static String fields(JsonNode members) {
        return members.isEmpty() ? "{}" : "an object with " + names(members);
    }

    /// What to write instead of a field that does not exist.
    static String advice(String name, JsonNode members) {
        if (members.isEmpty()) {
            return "remove it, there are none here";
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        String nearest = "";
        int fewest = Math.min(MAX_EDITS, name.length() / 2) + 1;
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            int edits = edits(wanted, member.getKey().toLowerCase(Locale.ROOT));
            if (edits < fewest) {
                fewest = edits;
                nearest = member.getKey();
            }
        }
        return nearest.isEmpty() ? "remove it or use one of " + names(members) : "did you mean " + nearest + "?";
    }

    private static String names(JsonNode members) {
        return members.properties().stream().map(Map.Entry::getKey).collect(Collectors.joining(", "));
    }

    /// Levenshtein's distance.
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    /// The value as CEL sees it.
    static Object cel(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                Map<String, Object> map = HashMap.newHashMap(object.size());
                object.properties().forEach(member -> map.put(member.getKey(), cel(member.getValue())));
                yield map;
            }
            case ArrayNode array -> {
                List<Object> list = new ArrayList<>(array.size());
                array.forEach(item -> list.add(cel(item)));
                yield list;
            }
            default -> scalar(value);
        };
    }

    private static Object scalar(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isIntegralNumber()) {
            return value.longValue();
        }
        return value.isNumber() ? value.doubleValue() : value.asText();
    }
}
