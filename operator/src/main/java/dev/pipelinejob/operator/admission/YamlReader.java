package dev.pipelinejob.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Reads exactly one YAML document strictly into a tree, and remembers the line of each field.
final class YamlReader {
    /// Deeper documents are refused; ours need 8.
    private static final int MAX_DEPTH = 64;
    /// More values are refused: aliases can make a small file endless.
    private static final int MAX_VALUES = 20_000;

    private final Map<String, Integer> lines = new HashMap<>();
    private int values;

    private YamlReader() {}

    /// What a text turned out to be.
    sealed interface Reading {}

    /// One document.
    ///
    /// @param lines the line, from 1, of each field by its path
    record Document(ObjectNode tree, Map<String, Integer> lines) implements Reading {}

    /// Not one document.
    ///
    /// @param line where it shows, from 1; 0 where no line can be named
    record Unreadable(int line, String text) implements Reading {}

    static Reading read(String text) {
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setSchema(new CoreSchema())
                    .setAllowNonScalarKeys(true)
                    .setMaxAliasesForCollections(MAX_VALUES)
                    .build();
            List<Node> documents = new ArrayList<>();
            for (Node document : new Compose(settings).composeAllFromString(text)) {
                if (!isEmpty(document)) {
                    documents.add(document);
                }
            }
            if (documents.isEmpty()) {
                return new Unreadable(0, "holds no resource: write one, or start from examples/char-gpt.yaml");
            }
            if (documents.size() > 1) {
                return new Unreadable(
                        line(documents.get(1)),
                        "holds " + documents.size() + " documents: keep one and move the others to files of their own");
            }
            YamlReader reader = new YamlReader();
            JsonNode tree = reader.convert(documents.getFirst(), "", 0);
            if (tree instanceof ObjectNode object) {
                return new Document(object, Map.copyOf(reader.lines));
            }
            return new Unreadable(
                    1,
                    "is not a resource but a single " + word(tree)
                            + ": start with apiVersion, kind, metadata and spec");
        } catch (NotPlain e) {
            return new Unreadable(e.line, e.text);
        } catch (MarkedYamlEngineException e) {
            return new Unreadable(e.getProblemMark().map(Mark::getLine).orElse(-1) + 1, "is not YAML: " + problem(e));
        } catch (YamlEngineException e) {
            return new Unreadable(0, "is not YAML: " + firstLine(String.valueOf(e.getMessage())));
        }
    }

    private static boolean isEmpty(Node document) {
        return document instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    private static String problem(MarkedYamlEngineException e) {
        String problem = firstLine(e.getProblem() == null ? String.valueOf(e.getMessage()) : e.getProblem());
        return problem.contains("TAB") ? "a tab character stands where only spaces may: indent with spaces" : problem;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }

    private static String word(JsonNode tree) {
        return tree.isArray() ? "list" : "value";
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    private JsonNode convert(Node node, String path, int depth) {
        values++;
        if (depth > MAX_DEPTH || values > MAX_VALUES) {
            throw new NotPlain(
                    line(node), "is nested or repeated without end: write it without anchors and aliases (& and *)");
        }
        return switch (node) {
            case MappingNode mapping -> object(mapping, path, depth);
            case SequenceNode sequence -> list(sequence, path, depth);
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new NotPlain(line(node), "holds something that is no value at " + path);
        };
    }

    private ObjectNode object(MappingNode mapping, String path, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new NotPlain(line(entry.getKeyNode()), "holds a field name that is not plain text at " + path);
            }
            String name = key.getValue();
            String memberPath = path.isEmpty() ? name : path + "." + name;
            if (object.has(name)) {
                throw new NotPlain(line(key), "holds " + memberPath + " twice: remove one of them");
            }
            lines.put(memberPath, line(key));
            object.set(name, convert(entry.getValueNode(), memberPath, depth + 1));
        }
        return object;
    }

    private ArrayNode list(SequenceNode sequence, String path, int depth) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Node item : sequence.getValue()) {
            String itemPath = path + "[" + list.size() + "]";
            lines.put(itemPath, line(item));
            list.add(convert(item, itemPath, depth + 1));
        }
        return list;
    }

    private static JsonNode scalar(ScalarNode scalar) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return nodes.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return nodes.booleanNode(Boolean.parseBoolean(text));
        }
        if (tag.equals(Tag.INT)) {
            return wholeNumber(text);
        }
        if (tag.equals(Tag.FLOAT)) {
            return number(text);
        }
        return nodes.textNode(text);
    }

    private static JsonNode wholeNumber(String text) {
        boolean hexadecimal = text.startsWith("0x");
        boolean octal = text.startsWith("0o");
        BigInteger value =
                new BigInteger(hexadecimal || octal ? text.substring(2) : text, hexadecimal ? 16 : octal ? 8 : 10);
        return value.bitLength() < Long.SIZE
                ? JsonNodeFactory.instance.numberNode(value.longValueExact())
                : JsonNodeFactory.instance.numberNode(value);
    }

    /// A number such as 100.0 is as whole as 100; infinities and the like are left as text, which no field takes.
    private static JsonNode number(String text) {
        try {
            double value = Double.parseDouble(text);
            boolean whole = value == Math.rint(value) && Math.abs(value) <= 1L << 53;
            return whole
                    ? JsonNodeFactory.instance.numberNode((long) value)
                    : JsonNodeFactory.instance.numberNode(value);
        } catch (NumberFormatException _) {
            return JsonNodeFactory.instance.textNode(text);
        }
    }

    /// Leaves the walk at the first thing that cannot be part of a resource.
    private static final class NotPlain extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int line;
        private final String text;

        NotPlain(int line, String text) {
            super(text, null, false, false);
            this.line = line;
            this.text = text;
        }
    }
}
