package org.pushjobs.zmtp;

/**
 * Whether a peer may come in; the statuses of ZAP (RFC 27) as libzmq puts them on the wire.
 *
 * @param <U> what the application ties to a connection
 */
public sealed interface Verdict<U> {
    /** 200. */
    record Accepted<U>(U user) implements Verdict<U> {}

    /** 300: closed without a word, after the delay of {@link HandshakeLimits#refusalDelay}. Peers try again. */
    record RefusedForNow<U>() implements Verdict<U> {}

    /** 400: an ERROR command. A peer of libzmq 4.3 does not try again by itself. */
    record Refused<U>() implements Verdict<U> {}
}
