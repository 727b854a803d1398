package org.pushjobs.zmtp.handshake;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.pushjobs.zmtp.nacl.Nacl;

/**
 * The keys that WELCOME's cookies are sealed with: what a server knows of a client between WELCOME and INITIATE is in the
 * cookie, not in its memory. A new key each minute; the one before is good for another minute. The last 8 bytes of a
 * cookie's nonce name its connection, so that a recorded handshake cannot be played back on another one, which would use
 * nonces a second time. One event loop.
 */
public final class CookieKeys {
    /** Wire size: nonce, MAC, the client's short-term public key, the server's short-term secret key. */
    static final int COOKIE = Curve.LONG_NONCE + Curve.MAC + 2 * Curve.KEY;

    private static final long PERIOD_NANOS = 60_000_000_000L;
    private static final int RANDOM_PART = Curve.LONG_NONCE - Long.BYTES;

    private final Curve curve;
    private final LongSupplier nanoTime;
    private byte[] current;
    private byte[] previous;
    private long since;

    /** @param nanoTime as {@link System#nanoTime} */
    public CookieKeys(Curve curve, LongSupplier nanoTime) {
        this.curve = curve;
        this.nanoTime = nanoTime;
        this.current = curve.random(Nacl.KEY_BYTES);
        this.previous = curve.random(Nacl.KEY_BYTES);
        this.since = nanoTime.getAsLong();
    }

    /** Seals both keys for a connection. */
    void seal(long connection, byte[] clientKey, byte[] secretKey, byte[] target, int offset) {
        rotate();
        byte[] nonce = curve.random(Curve.LONG_NONCE);
        Curve.putLong(connection, nonce, RANDOM_PART);
        System.arraycopy(nonce, 0, target, offset, nonce.length);
        int box = offset + Curve.LONG_NONCE;
        System.arraycopy(clientKey, 0, target, box + Curve.MAC, Curve.KEY);
        System.arraycopy(secretKey, 0, target, box + Curve.MAC + Curve.KEY, Curve.KEY);
        curve.seal(current, Curve.COOKIE_NONCE, nonce, target, box, 2 * Curve.KEY);
    }

    /** Opens a cookie into both keys, the client's public one first; empty when it is not ours, too old or another's. */
    byte[] open(long connection, byte[] source, int offset) {
        rotate();
        if (Curve.getLong(source, offset + RANDOM_PART) != connection) {
            return new byte[0];
        }
        for (byte[] key : new byte[][] {current, previous}) {
            byte[] cookie = Arrays.copyOfRange(source, offset, offset + COOKIE);
            int box = Curve.LONG_NONCE;
            if (curve.open(key, Curve.COOKIE_NONCE, cookie, 0, box, COOKIE - box)) {
                byte[] keys = Arrays.copyOfRange(cookie, box + Curve.MAC, COOKIE);
                Curve.wipe(cookie);
                return keys;
            }
        }
        return new byte[0];
    }

    private void rotate() {
        long now = nanoTime.getAsLong();
        if (now - since < PERIOD_NANOS) {
            return;
        }
        Curve.wipe(previous);
        boolean bothOld = now - since >= 2 * PERIOD_NANOS;
        previous = bothOld ? curve.random(Nacl.KEY_BYTES) : current;
        current = curve.random(Nacl.KEY_BYTES);
        since = now;
    }
}
