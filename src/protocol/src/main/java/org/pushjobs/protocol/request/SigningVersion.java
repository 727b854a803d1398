package org.pushjobs.protocol.request;

import java.util.Optional;

/** Versions of Chef's request signing protocol (request-signing.md). */
public enum SigningVersion {
    V1_0("1.0", "sha1", "SHA-1"),
    V1_1("1.1", "sha1", "SHA-1"),
    V1_2("1.2", "sha1", "SHA-1"),
    V1_3("1.3", "sha256", "SHA-256");

    private final String number;
    private final String algorithm;
    private final String digest;

    SigningVersion(String number, String algorithm, String digest) {
        this.number = number;
        this.algorithm = algorithm;
        this.digest = digest;
    }

    /** As in {@code X-Ops-Sign}: {@code 1.0} to {@code 1.3}. */
    public String number() {
        return number;
    }

    String algorithm() {
        return algorithm;
    }

    String digest() {
        return digest;
    }

    /** The version of a value of {@code X-Ops-Sign}: order free, a trailing semicolon allowed, spaces not. */
    static Optional<SigningVersion> ofSignHeader(String value) {
        String number = "";
        String algorithm = "";
        for (String part : value.split(";")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                switch (part.substring(0, equals)) {
                    case "version" -> number = part.substring(equals + 1);
                    case "algorithm" -> algorithm = part.substring(equals + 1);
                    default -> {
                        // parts that a later version may add
                    }
                }
            }
        }
        for (SigningVersion version : values()) {
            if (version.number.equals(number) && (algorithm.isEmpty() || algorithm.equals(version.algorithm))) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
    }
}
