package org.pushjobs.zmtp;

/**
 * What a server does about peers that are silent; counted in whole seconds.
 *
 * @param pingAfterSeconds asks a peer of ZMTP 3.1 for a sign of life (PING); 0 = never
 * @param closeAfterSeconds closes the connection; 0 = never
 */
public record Silence(int pingAfterSeconds, int closeAfterSeconds) {
    /** Silence is no reason for anything. */
    public static final Silence ACCEPTED = new Silence(0, 0);

    public Silence {
        if (pingAfterSeconds < 0 || closeAfterSeconds < 0) {
            throw new IllegalArgumentException("seconds cannot be negative [ping after: " + pingAfterSeconds
                    + ", close after: " + closeAfterSeconds + "]");
        }
    }
}
