package dev.pipelinejob.operator.planning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/// A timeline as the text of `timeline.json`.
public final class TimelineJson {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private TimelineJson() {}

    /// What stands in the file.
    public static String write(Timeline timeline) {
        try {
            return JSON.writeValueAsString(timeline);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A timeline is numbers and names, which always can be written.", e);
        }
    }

    /// Reads what {@link #write} wrote.
    ///
    /// @throws IllegalArgumentException with one sentence when the text is something else
    public static Timeline read(String text) {
        try {
            return JSON.readValue(text, Timeline.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("It holds no timeline: " + e.getOriginalMessage(), e);
        }
    }
}
