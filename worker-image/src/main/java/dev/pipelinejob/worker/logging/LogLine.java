package dev.pipelinejob.worker.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/// An event as a line: time, level, who says it, thread, what happened, and with which values; a stack trace follows.
final class LogLine extends LayoutBase<ILoggingEvent> {
    private static final int LEVEL_WIDTH = 5;

    private final DateTimeFormatter time;

    /// @param zone in whose time it is written
    LogLine(ZoneId zone) {
        time = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
                .withZone(zone);
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder();
        time.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        String level = event.getLevel().toString();
        line.append(' ').append(level).repeat(' ', LEVEL_WIDTH - level.length());
        String logger = event.getLoggerName();
        line.append(' ').append(logger, logger.lastIndexOf('.') + 1, logger.length());
        line.append(" [").append(event.getThreadName()).append("] ").append(event.getFormattedMessage());
        List<KeyValuePair> values = event.getKeyValuePairs();
        if (values != null) {
            for (KeyValuePair pair : values) {
                line.append(' ')
                        .append(pair.key)
                        .append("=\"")
                        .append(pair.value)
                        .append('"');
            }
        }
        line.append(System.lineSeparator());
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString();
    }
}
