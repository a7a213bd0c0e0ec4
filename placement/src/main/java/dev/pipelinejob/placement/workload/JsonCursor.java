package dev.pipelinejob.placement.workload;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;

/// Walks through JSON field by field, with one sentence for whatever is not as expected.
final class JsonCursor implements AutoCloseable {
    private static final int MOST_NESTING = 500;
    private static final int MOST_TEXT = 1 << 16;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_NESTING)
                    .maxStringLength(MOST_TEXT)
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final JsonParser parser;

    JsonCursor(InputStream stream) throws IOException {
        parser = FACTORY.createParser(stream);
    }

    /// Reads one field; the cursor stands on its value.
    interface FieldReader {
        /// Reads the value; whether the field is known.
        boolean read(String name) throws IOException;
    }

    /// Reads one item of a list; the cursor stands on its value.
    interface ItemReader {
        void read() throws IOException;
    }

    /// Reads the whole text as one object and nothing else.
    void document(FieldReader fields) throws IOException {
        advance();
        object("The file", fields);
        if (advance() != null) {
            throw wrong("holds more than one JSON value");
        }
    }

    /// Reads the object on which the cursor stands.
    void object(String what, FieldReader fields) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw wrong("needs an object for " + what);
        }
        Set<String> seen = new HashSet<>();
        while (advance() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (!seen.add(name)) {
                throw wrong("states field " + name + " twice");
            }
            advance();
            if (!fields.read(name)) {
                throw wrong("has an unknown field " + name);
            }
        }
    }

    /// Reads the list on which the cursor stands.
    void list(String what, ItemReader items) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw wrong("needs a list for " + what);
        }
        while (advance() != JsonToken.END_ARRAY) {
            items.read();
        }
    }

    /// Whether the cursor stands on `null`.
    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    double number(String what) throws IOException {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
            throw wrong("needs a number for " + what);
        }
        try {
            return parser.getDoubleValue();
        } catch (JacksonException _) {
            throw noJson();
        }
    }

    int count(String what) throws IOException {
        double value = number(what);
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw wrong("needs a whole number for " + what + ", not " + value);
        }
        return (int) value;
    }

    /// A boolean, also written as 0 or 1.
    boolean truth(String what) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> {
                double value = number(what);
                if (value != 0 && value != 1) {
                    throw wrong("needs true, false, 0 or 1 for " + what);
                }
                yield value == 1;
            }
            case null, default -> throw wrong("needs true, false, 0 or 1 for " + what);
        };
    }

    /// A name, written as text or as a whole number.
    String name(String what) throws IOException {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
            throw wrong("needs a name or a whole number for " + what);
        }
        try {
            return parser.getText();
        } catch (JacksonException _) {
            throw noJson();
        }
    }

    /// Steps over the value on which the cursor stands, whatever it is.
    boolean ignore() throws IOException {
        try {
            parser.skipChildren();
        } catch (JacksonException _) {
            throw noJson();
        }
        return true;
    }

    InvalidWorkload wrong(String what) {
        return new InvalidWorkload(
                "The file " + what + " (line " + parser.currentLocation().getLineNr() + ").");
    }

    private JsonToken advance() throws IOException {
        try {
            return parser.nextToken();
        } catch (JacksonException _) {
            throw noJson();
        }
    }

    private InvalidWorkload noJson() {
        return new InvalidWorkload("The file is no readable JSON at line "
                + parser.currentLocation().getLineNr() + ", column "
                + parser.currentLocation().getColumnNr() + ".");
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
