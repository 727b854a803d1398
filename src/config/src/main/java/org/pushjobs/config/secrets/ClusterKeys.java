package org.pushjobs.config.secrets;

import org.pushjobs.protocol.keys.Hkdf;

/**
 * Keys of what goes between the servers of a cluster, derived from the master secret. One that leaks tells neither the other
 * one nor the master secret. What is derived of the same secret for agents begins with an organisation and a zero byte
 * ({@link org.pushjobs.protocol.keys.SessionKeys}), and so is never the same. Never printed. Usable from any thread.
 */
public final class ClusterKeys {
    /** Of each of the keys. */
    public static final int LENGTH_BYTES = 32;

    private final byte[] members;
    private final byte[] bus;

    public ClusterKeys(byte[] masterSecret) {
        this.members = Hkdf.derive(masterSecret, "cluster members", LENGTH_BYTES);
        this.bus = Hkdf.derive(masterSecret, "cluster bus", LENGTH_BYTES);
    }

    /** By which a member shows the others that it is one. */
    public byte[] members() {
        return members.clone();
    }

    /** Seed of the key pair that the event bus between the members is encrypted with. */
    public byte[] busSeed() {
        return bus.clone();
    }
}
