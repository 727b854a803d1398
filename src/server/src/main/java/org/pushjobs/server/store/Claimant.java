package org.pushjobs.server.store;

import java.util.Objects;

/**
 * By whose right an agent's key was admitted: who signed the request for the configuration. When the directory no longer has
 * them the key goes.
 */
public record Claimant(Type type, String name) {
    private static final char SEPARATOR = ':';

    /** Clients are nodes of an organisation. */
    public enum Type {
        USER("user"),
        CLIENT("client");

        private final String label;

        Type(String label) {
            this.label = label;
        }
    }

    public Claimant {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
    }

    /** The client of this name. */
    public static Claimant client(String name) {
        return new Claimant(Type.CLIENT, name);
    }

    /** The user of this name. */
    public static Claimant user(String name) {
        return new Claimant(Type.USER, name);
    }

    /** As it is stored. */
    public String text() {
        return type.label + SEPARATOR + name;
    }

    /** @throws IllegalArgumentException when it is no {@link #text} */
    public static Claimant parse(String text) {
        int separator = text.indexOf(SEPARATOR);
        for (Type type : Type.values()) {
            if (separator >= 0 && type.label.equals(text.substring(0, separator))) {
                return new Claimant(type, text.substring(separator + 1));
            }
        }
        throw new IllegalArgumentException("neither a user nor a client: " + text);
    }
}
