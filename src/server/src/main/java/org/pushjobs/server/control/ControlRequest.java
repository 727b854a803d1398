package org.pushjobs.server.control;

import java.util.Objects;
import java.util.Optional;

/** What can be asked of a server over its {@link ControlSocket}: a method of HTTP and a path. */
sealed interface ControlRequest {
    /** Changes nothing. */
    record Status() implements ControlRequest {}

    record Promote() implements ControlRequest {}

    /** @param perSecond connections that are closed */
    record BeginDrain(Drain.WithoutSuccessor rule, int perSecond) implements ControlRequest {
        static final int LEAST_PER_SECOND = 1;
        static final int MOST_PER_SECOND = 10_000;

        public BeginDrain {
            Objects.requireNonNull(rule, "rule");
            if (perSecond < LEAST_PER_SECOND || perSecond > MOST_PER_SECOND) {
                throw new IllegalArgumentException("connections per second are from " + LEAST_PER_SECOND + " to "
                        + MOST_PER_SECOND + ", not " + perSecond);
            }
        }
    }

    record EndDrain() implements ControlRequest {}

    /** As it is sent. */
    default String line() {
        return switch (this) {
            case Status _ -> "GET /status";
            case Promote _ -> "POST /promote";
            case BeginDrain(Drain.WithoutSuccessor rule, int perSecond) ->
                "POST /drain/" + rule.name() + "/" + perSecond;
            case EndDrain _ -> "POST /undrain";
        };
    }

    /** Empty when it is nothing that can be asked. */
    static Optional<ControlRequest> parse(String line) {
        return switch (line) {
            case "GET /status" -> Optional.of(new Status());
            case "POST /promote" -> Optional.of(new Promote());
            case "POST /undrain" -> Optional.of(new EndDrain());
            default -> drain(line.split("/", -1));
        };
    }

    private static Optional<ControlRequest> drain(String[] parts) {
        if (parts.length != 4 || !parts[0].equals("POST ") || !parts[1].equals("drain")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BeginDrain(Drain.WithoutSuccessor.valueOf(parts[2]), Integer.parseInt(parts[3])));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
