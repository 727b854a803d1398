package org.pushjobs.server.log;

import ch.qos.logback.classic.pattern.RootCauseFirstThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Each event as one JSON object on a line of its own: {@code time}, {@code level}, {@code logger}, {@code message}, the facts
 * in brackets behind the message as the object {@code facts}, and of an exception the top of its stack trace, root cause first.
 * Usable from any thread once it is started.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String FRAMES = "20";

    private final RootCauseFirstThrowableProxyConverter traces = new RootCauseFirstThrowableProxyConverter();

    @Override
    public void start() {
        traces.setOptionList(List.of(FRAMES));
        traces.start();
        super.start();
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        LogLine line = LogLine.of(event.getMessage(), event.getArgumentArray());
        ObjectNode object = JsonNodeFactory.instance
                .objectNode()
                .put("time", TIME.format(event.getInstant()))
                .put("level", event.getLevel().toString())
                .put("logger", event.getLoggerName())
                .put("message", line.message());
        if (!line.facts().isEmpty()) {
            ObjectNode facts = object.putObject("facts");
            line.facts().forEach((name, value) -> {
                switch (value) {
                    case Integer number -> facts.put(name, number);
                    case Long number -> facts.put(name, number);
                    case Double number -> facts.put(name, number);
                    case Boolean flag -> facts.put(name, flag);
                    default -> facts.put(name, String.valueOf(value));
                }
            });
        }
        if (event.getThrowableProxy() != null) {
            object.put("exception", traces.convert(event).strip());
        }
        return (object + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
