package org.pushjobs.rubyconfig;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values that stand in a file as they are. */
final class PlainValues {
    private final PlainText text;
    private final Map<String, String> variables;

    /** @param variables that have been set before the place at which the text stands */
    PlainValues(PlainText text, Map<String, String> variables) {
        this.text = text;
        this.variables = variables;
    }

    RubyValue value() throws NotPlainException {
        return switch (text.peek()) {
            case '\'' -> new RubyValue.Text(text.singleQuoted());
            case '"' -> new RubyValue.Text(text.doubleQuoted(variables));
            case ':' -> symbol();
            case '[' -> list();
            case '{' -> hash();
            case '%' ->
                new RubyValue.Array(text.words().stream()
                        .<RubyValue>map(RubyValue.Text::new)
                        .toList());
            case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> new RubyValue.Int(new BigInteger(text.digits()));
            case 'S' -> stream();
            default -> named(text.word());
        };
    }

    private RubyValue symbol() throws NotPlainException {
        text.expect(":");
        return new RubyValue.Symbol(text.word());
    }

    private RubyValue stream() throws NotPlainException {
        for (String name : List.of("STDOUT", "STDERR")) {
            if (text.skip(name)) {
                return new RubyValue.Stream(name);
            }
        }
        throw new NotPlainException();
    }

    private RubyValue named(String word) throws NotPlainException {
        return switch (word) {
            case "true" -> new RubyValue.Bool(true);
            case "false" -> new RubyValue.Bool(false);
            case "nil" -> new RubyValue.Nil();
            case String name when variables.containsKey(name) -> new RubyValue.Text(variables.get(name));
            case String _ -> throw new NotPlainException();
        };
    }

    private RubyValue list() throws NotPlainException {
        List<RubyValue> items = new ArrayList<>();
        text.expect("[");
        text.blanks();
        while (!text.skip("]")) {
            items.add(value());
            separator(']');
        }
        return new RubyValue.Array(items);
    }

    /** A key that is there twice is left to Ruby, which warns of it. */
    private RubyValue hash() throws NotPlainException {
        Map<RubyValue, RubyValue> members = new LinkedHashMap<>();
        text.expect("{");
        text.blanks();
        while (!text.skip("}")) {
            if (members.put(key(), value()) != null) {
                throw new NotPlainException();
            }
            separator('}');
        }
        return hash(members);
    }

    static RubyValue.Hash hash(Map<RubyValue, RubyValue> members) {
        List<RubyValue.Entry> entries = new ArrayList<>();
        members.forEach((key, value) -> entries.add(new RubyValue.Entry(key, value)));
        return new RubyValue.Hash(entries);
    }

    /** {@code 'text' =>}, {@code :name =>} or {@code name:}, up to the value. */
    private RubyValue key() throws NotPlainException {
        return switch (text.peek()) {
            case '\'' -> beforeArrow(new RubyValue.Text(text.singleQuoted()));
            case '"' -> beforeArrow(new RubyValue.Text(text.doubleQuoted(variables)));
            case ':' -> beforeArrow(symbol());
            default -> new RubyValue.Symbol(text.label());
        };
    }

    private RubyValue beforeArrow(RubyValue key) throws NotPlainException {
        text.spaces();
        text.expect("=>");
        text.blanks();
        return key;
    }

    /** A comma stands in the line of what is before it. */
    private void separator(char end) throws NotPlainException {
        text.spaces();
        boolean more = text.skip(",");
        text.blanks();
        if (!more && text.peek() != end) {
            throw new NotPlainException();
        }
    }
}
