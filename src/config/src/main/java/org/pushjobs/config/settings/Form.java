package org.pushjobs.config.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How the value of a setting is written in the file. Numbers and booleans may also be written as strings that hold them,
 * because the original's attributes are a mixture.
 *
 * @param <T> what the value means
 */
interface Form<T> {
    /** @throws InvalidValueException says what the value must be */
    T parse(JsonNode value) throws InvalidValueException;

    /** The value as it would be written in the file; never a secret. */
    String show(T value);

    /** A value that could not be parsed, for the error message; never a secret. */
    default String showInvalid(JsonNode value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    /** @param note empty, or what else to know about the range */
    record WholeNumber(long min, long max, String note) implements Form<Integer> {
        @Override
        public Integer parse(JsonNode value) throws InvalidValueException {
            return (int) number(value);
        }

        private long number(JsonNode value) throws InvalidValueException {
            String expected = "a whole number from " + min + " to " + max + note;
            try {
                long number = decimal(value, expected).longValueExact();
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (ArithmeticException e) {
                // a fraction, or beyond a long: the same answer as for every other number that is out of range
            }
            throw new InvalidValueException(expected);
        }

        @Override
        public String show(Integer value) {
            return value.toString();
        }
    }

    /** A whole number of the unit. */
    record Time(ChronoUnit unit, WholeNumber count) implements Form<Duration> {
        @Override
        public Duration parse(JsonNode value) throws InvalidValueException {
            return Duration.of(count.number(value), unit);
        }

        @Override
        public String show(Duration value) {
            return Long.toString(value.dividedBy(unit.getDuration()));
        }
    }

    /** @param expected what an error says the value must be */
    record DecimalNumber(BigDecimal min, BigDecimal max, String expected) implements Form<Double> {
        @Override
        public Double parse(JsonNode value) throws InvalidValueException {
            BigDecimal number = decimal(value, expected);
            if (number.compareTo(min) < 0 || number.compareTo(max) > 0) {
                throw new InvalidValueException(expected);
            }
            return number.doubleValue();
        }

        @Override
        public String show(Double value) {
            return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
        }
    }

    /** One of a few words. */
    record Word<T>(Map<String, T> meanings, String expected) implements Form<T> {
        static final Word<Boolean> FLAG = new Word<>(Map.of("true", true, "false", false), "true or false");

        @Override
        public T parse(JsonNode value) throws InvalidValueException {
            T meaning = meanings.get(value.asText());
            if (meaning == null) {
                throw new InvalidValueException(expected);
            }
            return meaning;
        }

        @Override
        public String show(T value) {
            return meanings.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(value))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A string that matches as a whole. */
    record Text(Pattern pattern, String expected) implements Form<String> {
        @Override
        public String parse(JsonNode value) throws InvalidValueException {
            if (!value.isTextual() || !pattern.matcher(value.textValue()).matches()) {
                throw new InvalidValueException(expected);
            }
            return value.textValue();
        }

        @Override
        public String show(String value) {
            return value;
        }
    }

    /** A path as it is written, relative or not. */
    record FilePath(String expected) implements Form<Path> {
        @Override
        public Path parse(JsonNode value) throws InvalidValueException {
            if (!value.isTextual() || value.textValue().isBlank()) {
                throw new InvalidValueException(expected);
            }
            try {
                return Path.of(value.textValue());
            } catch (InvalidPathException e) {
                throw new InvalidValueException(expected);
            }
        }

        @Override
        public String show(Path value) {
            return value.toString();
        }
    }

    private static BigDecimal decimal(JsonNode value, String expected) throws InvalidValueException {
        try {
            if (value.isNumber()) {
                return value.decimalValue();
            }
            if (value.isTextual()) {
                return new BigDecimal(value.textValue());
            }
        } catch (NumberFormatException e) {
            // the same answer as for a value of another type
        }
        throw new InvalidValueException(expected);
    }
}
