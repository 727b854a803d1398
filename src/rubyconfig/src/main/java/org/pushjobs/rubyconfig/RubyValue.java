package org.pushjobs.rubyconfig;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A value in a configuration file, as Ruby has it. */
public sealed interface RubyValue {
    /** {@code nil}. */
    record Nil() implements RubyValue {}

    /** {@code true} or {@code false}. */
    record Bool(boolean value) implements RubyValue {}

    /** A whole number of any size. */
    record Int(BigInteger value) implements RubyValue {
        public Int {
            Objects.requireNonNull(value, "value");
        }
    }

    /** A finite number that is not whole. */
    record Decimal(double value) implements RubyValue {}

    /** A string; bytes that are no UTF-8 were replaced. */
    record Text(String value) implements RubyValue {
        public Text {
            Objects.requireNonNull(value, "value");
        }
    }

    /** {@code :name}. */
    record Symbol(String name) implements RubyValue {
        public Symbol {
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * {@code /source/}.
     *
     * @param options the sum of {@link #IGNORE_CASE}, {@link #EXTENDED} and {@link #MULTI_LINE}
     */
    record Regexp(String source, int options) implements RubyValue {
        /** {@code /i}. */
        public static final int IGNORE_CASE = 1;

        /** {@code /x}: white space and comments do not count. */
        public static final int EXTENDED = 2;

        /** {@code /m}: the dot matches a line's end too. */
        public static final int MULTI_LINE = 4;

        public Regexp {
            Objects.requireNonNull(source, "source");
        }

        /** As Ruby writes it. */
        @Override
        public String toString() {
            return "/" + source + "/" + ((options & MULTI_LINE) == 0 ? "" : "m")
                    + ((options & IGNORE_CASE) == 0 ? "" : "i") + ((options & EXTENDED) == 0 ? "" : "x");
        }
    }

    /** {@code [...]}. */
    record Array(List<RubyValue> items) implements RubyValue {
        public Array {
            items = List.copyOf(items);
        }
    }

    /** {@code {...}}, in the order of the file. */
    record Hash(List<Entry> entries) implements RubyValue {
        public Hash {
            entries = List.copyOf(entries);
        }

        /** The value of a key that is a string or a symbol of this name; of the last one when there are several. */
        public Optional<RubyValue> get(String name) {
            return entries.reversed().stream()
                    .filter(entry -> entry.key().asText().equals(Optional.of(name)))
                    .map(Entry::value)
                    .findFirst();
        }
    }

    /** One member of a hash. */
    record Entry(RubyValue key, RubyValue value) {
        public Entry {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }
    }

    /** A stream: {@code STDOUT}, {@code STDERR}, or the path of an open file. */
    record Stream(String name) implements RubyValue {
        public Stream {
            Objects.requireNonNull(name, "name");
        }
    }

    /** Something of Chef's own program, which is not here: the file can name it, but it has no value. */
    record Absent(String name) implements RubyValue {
        public Absent {
            Objects.requireNonNull(name, "name");
        }
    }

    /** An object of another class. */
    record Other(String className) implements RubyValue {
        public Other {
            Objects.requireNonNull(className, "className");
        }
    }

    /** What it is, for messages that go on with the value or end there: {@code the number}, {@code a list}. */
    default String kind() {
        return switch (this) {
            case Nil _ -> "nil";
            case Bool _ -> "the truth value";
            case Int _, Decimal _ -> "the number";
            case Text _ -> "the text";
            case Symbol _ -> "the symbol";
            case Regexp _ -> "the regular expression";
            case Array _ -> "a list";
            case Hash _ -> "a hash";
            case Stream _ -> "the stream";
            case Absent _ -> "something of Chef's own program, which is not here";
            case Other _ -> "an object";
        };
    }

    /** The text of a string, or the name of a symbol; empty for everything else. */
    default Optional<String> asText() {
        return switch (this) {
            case Text(var text) -> Optional.of(text);
            case Symbol(var name) -> Optional.of(name);
            case Nil _, Bool _, Int _, Decimal _, Regexp _, Array _, Hash _, Stream _, Absent _, Other _ ->
                Optional.empty();
        };
    }
}
