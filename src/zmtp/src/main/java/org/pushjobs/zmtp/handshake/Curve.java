package org.pushjobs.zmtp.handshake;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.pushjobs.zmtp.nacl.Nacl;
import org.pushjobs.zmtp.nacl.SecretBox;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Commands;
import org.pushjobs.zmtp.wire.ProtocolException;

/** Names, sizes and boxes of CurveZMQ (RFC 26). One per event loop: it has work space. */
public final class Curve {
    static final byte[] HELLO = Commands.name("HELLO");
    static final byte[] WELCOME = Commands.name("WELCOME");
    static final byte[] INITIATE = Commands.name("INITIATE");
    static final byte[] MESSAGE = Commands.name("MESSAGE");

    static final byte[] HELLO_NONCE = prefix("CurveZMQHELLO---");
    static final byte[] INITIATE_NONCE = prefix("CurveZMQINITIATE");
    static final byte[] READY_NONCE = prefix("CurveZMQREADY---");
    static final byte[] CLIENT_MESSAGE_NONCE = prefix("CurveZMQMESSAGEC");
    static final byte[] SERVER_MESSAGE_NONCE = prefix("CurveZMQMESSAGES");
    static final byte[] WELCOME_NONCE = prefix("WELCOME-");
    static final byte[] COOKIE_NONCE = prefix("COOKIE--");
    static final byte[] VOUCH_NONCE = prefix("VOUCH---");

    static final int KEY = Nacl.KEY_BYTES;
    static final int MAC = Nacl.MAC_BYTES;
    /** The part of a nonce that is sent when the other part is a name of 16 bytes. */
    static final int SHORT_NONCE = 8;
    /** The same for a name of 8 bytes. */
    static final int LONG_NONCE = 16;

    private final Nacl nacl;
    private final SecretBox box;
    private final byte[] nonce = new byte[Nacl.NONCE_BYTES];
    private byte[] space = new byte[4_096];

    public Curve(Nacl nacl) {
        this.nacl = nacl;
        this.box = nacl.newBox();
    }

    Nacl nacl() {
        return nacl;
    }

    byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        nacl.random(random);
        return random;
    }

    /** A key shared with a peer. */
    byte[] sharedKey(byte[] publicKey, byte[] secretKey) throws ProtocolException {
        Optional<byte[]> shared = nacl.sharedKey(publicKey, secretKey);
        return shared.orElseThrow(() -> new ProtocolException(CloseReason.FORGED, "a weak public key"));
    }

    /** Seals with a nonce of a name and a number; in place, as {@link SecretBox#seal}. */
    void seal(byte[] key, byte[] prefix, long number, byte[] buffer, int offset, int length) {
        setNonce(prefix, number);
        box.seal(key, nonce, buffer, offset, length);
    }

    /** Opens what was sealed with a nonce of a name and a number. */
    boolean open(byte[] key, byte[] prefix, long number, byte[] buffer, int offset, int length) {
        setNonce(prefix, number);
        return box.open(key, nonce, buffer, offset, length);
    }

    /** Seals with a nonce of a name and random bytes. */
    void seal(byte[] key, byte[] prefix, byte[] rest, byte[] buffer, int offset, int length) {
        setNonce(prefix, rest, 0);
        box.seal(key, nonce, buffer, offset, length);
    }

    /** Opens what was sealed with a nonce of a name and the bytes at {@code restAt}. */
    boolean open(byte[] key, byte[] prefix, byte[] buffer, int restAt, int offset, int length) {
        setNonce(prefix, buffer, restAt);
        return box.open(key, nonce, buffer, offset, length);
    }

    /** Room for a frame on its way out, valid until the next call. */
    byte[] space(int bytes) {
        if (space.length < bytes) {
            space = new byte[Math.max(bytes, 2 * space.length)];
        }
        return space;
    }

    private void setNonce(byte[] prefix, long number) {
        System.arraycopy(prefix, 0, nonce, 0, prefix.length);
        putLong(number, nonce, prefix.length);
    }

    private void setNonce(byte[] prefix, byte[] rest, int restAt) {
        System.arraycopy(prefix, 0, nonce, 0, prefix.length);
        System.arraycopy(rest, restAt, nonce, prefix.length, nonce.length - prefix.length);
    }

    static void putLong(long value, byte[] target, int offset) {
        for (int i = 0; i < Long.BYTES; i++) {
            target[offset + i] = (byte) (value >>> (56 - 8 * i));
        }
    }

    static long getLong(byte[] source, int offset) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << 8 | source[offset + i] & 0xFF;
        }
        return value;
    }

    static void requireOpened(boolean opened, String what) throws ProtocolException {
        if (!opened) {
            throw new ProtocolException(CloseReason.FORGED, what + " could not be opened");
        }
    }

    static void requireCommand(byte[] name, int minLength, byte[] command) throws ProtocolException {
        if (command.length < minLength || !Commands.is(name, command, 0, command.length)) {
            throw new ProtocolException(
                    CloseReason.MALFORMED,
                    "not a whole " + new String(name, 1, name.length - 1, StandardCharsets.US_ASCII));
        }
    }

    static void wipe(byte[] key) {
        Arrays.fill(key, (byte) 0);
    }

    private static byte[] prefix(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
