package org.pushjobs.config;

/** Which implementation encrypts what agents and server say to each other ({@code crypto}, docs/decisions/0011). */
public enum CryptoChoice {
    /** libsodium when it is installed, else Java. */
    AUTO,
    /** The one that comes with the server. */
    JAVA,
    /** libsodium only; a server does not start without it. */
    LIBSODIUM
}
