package org.pushjobs.server.directory;

import java.util.Objects;

/**
 * A user or client with one of its keys.
 *
 * @param publicKeyPem SPKI, PKCS#1 or X.509
 * @param orgMember whether it belongs to the organisation that was asked about
 */
public record Principal(String name, Type type, String publicKeyPem, boolean orgMember) {
    /** Users belong to the whole server, clients (nodes) to one organisation. */
    public enum Type {
        USER,
        CLIENT
    }

    public Principal {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(publicKeyPem, "publicKeyPem");
    }
}
