package org.pushjobs.zmtp.handshake;

import java.security.MessageDigest;
import java.util.Arrays;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Commands;
import org.pushjobs.zmtp.wire.Metadata;
import org.pushjobs.zmtp.wire.ProtocolException;

/**
 * CURVE, server side (RFC 26). C and S are the permanent keys of client and server, C' and S' those of the connection:
 * HELLO and WELCOME are boxed between C' and S, INITIATE, READY and messages between C' and S', the vouch between C and
 * S'. Between WELCOME and INITIATE it keeps a nonce only.
 */
public final class CurveServerHandshake implements Handshake {
    private static final int HELLO_KEY_AT = 80;
    private static final int HELLO_NONCE_AT = 112;
    private static final int HELLO_BOX_AT = 120;
    private static final int HELLO_SIZE = 200;
    private static final int SIGNATURE = 64;

    private static final int WELCOME_BOX_AT = 24;
    private static final int WELCOME_SIZE = 168;

    private static final int COOKIE_AT = 9;
    private static final int INITIATE_NONCE_AT = COOKIE_AT + CookieKeys.COOKIE;
    private static final int INITIATE_BOX_AT = INITIATE_NONCE_AT + Curve.SHORT_NONCE;
    private static final int VOUCH_NONCE_AT = INITIATE_BOX_AT + Curve.MAC + Curve.KEY;
    private static final int VOUCH_BOX_AT = VOUCH_NONCE_AT + Curve.LONG_NONCE;
    private static final int METADATA_AT = VOUCH_BOX_AT + Curve.MAC + 2 * Curve.KEY;

    private enum Expected {
        HELLO,
        INITIATE,
        NOTHING
    }

    private final Curve curve;
    private final KeyPair serverKeys;
    private final CookieKeys cookies;
    private final Metadata metadata;
    private final long connection;
    private Expected expected = Expected.HELLO;
    private long peerNonce;
    private CurveFrames frames;

    /** @param connection a number that no other connection of these cookie keys has */
    public CurveServerHandshake(
            Curve curve, KeyPair serverKeys, CookieKeys cookies, Metadata metadata, long connection) {
        this.curve = curve;
        this.serverKeys = serverKeys;
        this.cookies = cookies;
        this.metadata = metadata;
        this.connection = connection;
    }

    @Override
    public byte[] begin() {
        return new byte[0];
    }

    @Override
    public Step receive(byte[] command) throws ProtocolException {
        return switch (expected) {
            case HELLO -> new Step.Reply(hello(command));
            case INITIATE -> initiate(command);
            case NOTHING -> throw new ProtocolException(CloseReason.MALFORMED, "a command after INITIATE");
        };
    }

    private byte[] hello(byte[] command) throws ProtocolException {
        Curve.requireCommand(Curve.HELLO, HELLO_SIZE, command);
        if (command.length != HELLO_SIZE || command[6] != 1 || command[7] != 0) {
            throw new ProtocolException(CloseReason.MALFORMED, "not a HELLO of CURVE 1.0");
        }
        expected = Expected.INITIATE;
        byte[] clientKey = Arrays.copyOfRange(command, HELLO_KEY_AT, HELLO_KEY_AT + Curve.KEY);
        byte[] shared = curve.sharedKey(clientKey, serverKeys.secretKey());
        try {
            acceptNonce(Curve.getLong(command, HELLO_NONCE_AT));
            Curve.requireOpened(
                    curve.open(shared, Curve.HELLO_NONCE, peerNonce, command, HELLO_BOX_AT, HELLO_SIZE - HELLO_BOX_AT),
                    "HELLO");
            requireZeros(command);
            return welcome(clientKey, shared);
        } finally {
            Curve.wipe(shared);
        }
    }

    private static void requireZeros(byte[] hello) throws ProtocolException {
        int all = 0;
        for (int i = 0; i < SIGNATURE; i++) {
            all |= hello[HELLO_BOX_AT + Curve.MAC + i];
        }
        if (all != 0) {
            throw new ProtocolException(CloseReason.MALFORMED, "a HELLO with other content than zeros");
        }
    }

    private byte[] welcome(byte[] clientKey, byte[] shared) {
        KeyPair shortTerm = curve.nacl().newKeyPair();
        byte[] welcome = Arrays.copyOf(Curve.WELCOME, WELCOME_SIZE);
        byte[] nonce = curve.random(Curve.LONG_NONCE);
        System.arraycopy(nonce, 0, welcome, Curve.WELCOME.length, nonce.length);
        int content = WELCOME_BOX_AT + Curve.MAC;
        System.arraycopy(shortTerm.publicKey(), 0, welcome, content, Curve.KEY);
        cookies.seal(connection, clientKey, shortTerm.secretKey(), welcome, content + Curve.KEY);
        curve.seal(shared, Curve.WELCOME_NONCE, nonce, welcome, WELCOME_BOX_AT, Curve.KEY + CookieKeys.COOKIE);
        shortTerm.wipe();
        return welcome;
    }

    private Step initiate(byte[] command) throws ProtocolException {
        Curve.requireCommand(Curve.INITIATE, METADATA_AT, command);
        expected = Expected.NOTHING;
        byte[] keys = cookies.open(connection, command, COOKIE_AT);
        Curve.requireOpened(keys.length > 0, "a cookie");
        byte[] shortClientKey = Arrays.copyOf(keys, Curve.KEY);
        byte[] shortSecretKey = Arrays.copyOfRange(keys, Curve.KEY, keys.length);
        try {
            return authorise(command, shortClientKey, shortSecretKey);
        } finally {
            Curve.wipe(keys);
            Curve.wipe(shortSecretKey);
        }
    }

    private Step authorise(byte[] command, byte[] shortClientKey, byte[] shortSecretKey) throws ProtocolException {
        byte[] session = curve.sharedKey(shortClientKey, shortSecretKey);
        try {
            acceptNonce(Curve.getLong(command, INITIATE_NONCE_AT));
            Curve.requireOpened(
                    curve.open(
                            session,
                            Curve.INITIATE_NONCE,
                            peerNonce,
                            command,
                            INITIATE_BOX_AT,
                            command.length - INITIATE_BOX_AT),
                    "INITIATE");
            byte[] clientKey =
                    Arrays.copyOfRange(command, INITIATE_BOX_AT + Curve.MAC, INITIATE_BOX_AT + Curve.MAC + Curve.KEY);
            verifyVouch(command, clientKey, shortClientKey, shortSecretKey);
            Metadata peer = Metadata.read(command, METADATA_AT, command.length);
            frames = CurveFrames.ofServer(curve, session, peerNonce);
            return new Step.Authorise(clientKey, peer, frames);
        } finally {
            if (frames == null) {
                Curve.wipe(session);
            }
        }
    }

    /** The client proves with its permanent key that it owns the short-term one and means this server. */
    private void verifyVouch(byte[] command, byte[] clientKey, byte[] shortClientKey, byte[] shortSecretKey)
            throws ProtocolException {
        byte[] shared = curve.sharedKey(clientKey, shortSecretKey);
        try {
            Curve.requireOpened(
                    curve.open(
                            shared,
                            Curve.VOUCH_NONCE,
                            command,
                            VOUCH_NONCE_AT,
                            VOUCH_BOX_AT,
                            Curve.MAC + 2 * Curve.KEY),
                    "the vouch");
        } finally {
            Curve.wipe(shared);
        }
        int vouched = VOUCH_BOX_AT + Curve.MAC;
        byte[] vouchedClient = Arrays.copyOfRange(command, vouched, vouched + Curve.KEY);
        byte[] vouchedServer = Arrays.copyOfRange(command, vouched + Curve.KEY, vouched + 2 * Curve.KEY);
        boolean right = MessageDigest.isEqual(vouchedClient, shortClientKey)
                & MessageDigest.isEqual(vouchedServer, serverKeys.publicKey());
        Curve.requireOpened(right, "a vouch for other keys");
    }

    private void acceptNonce(long nonce) throws ProtocolException {
        if (Long.compareUnsigned(nonce, peerNonce) <= 0) {
            throw new ProtocolException(CloseReason.STALE_NONCE, "a nonce that does not rise");
        }
        peerNonce = nonce;
    }

    @Override
    public byte[] accept() {
        return frames.ready(Commands.READY, metadata.encode());
    }

    @Override
    public void wipe() {
        if (frames != null) {
            frames.wipe();
        }
    }
}
