package dev.pipelinejob.worker.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class LogLineTest {
    private final LoggerContext logging = new LoggerContext();

    @Test
    void aLineIsWhatThePatternWouldWrite() {
        PatternLayout pattern = new PatternLayout();
        pattern.setContext(logging);
        pattern.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} [%thread] %msg %kvp%n%ex");
        pattern.start();
        LogLine line = new LogLine(ZoneId.systemDefault());

        for (ILoggingEvent event : List.of(
                event(Level.WARN, null, new KeyValuePair("pid", 42), new KeyValuePair("detail", "no such file")),
                event(Level.ERROR, new IllegalStateException("broken", new RuntimeException("why"))))) {
            assertThat(line.doLayout(event).replace(" " + System.lineSeparator(), System.lineSeparator()))
                    .isEqualTo(pattern.doLayout(event).replace(" " + System.lineSeparator(), System.lineSeparator()));
        }
    }

    @Test
    void theProgramUsesIt() {
        assertThat(LoggerFactory.getILoggerFactory()).isInstanceOfSatisfying(LoggerContext.class, used -> assertThat(
                        used.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("STDERR"))
                .isNotNull());
    }

    private LoggingEvent event(Level level, @Nullable Throwable failure, KeyValuePair... values) {
        LoggingEvent event = new LoggingEvent(
                LogLineTest.class.getName(),
                logging.getLogger("a.b.Engine"),
                level,
                "It has {}.",
                failure,
                new Object[] {"ended"});
        for (KeyValuePair value : values) {
            event.addKeyValuePair(value);
        }
        return event;
    }
}
