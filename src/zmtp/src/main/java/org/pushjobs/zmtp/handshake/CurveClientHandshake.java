package org.pushjobs.zmtp.handshake;

import java.util.Arrays;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Commands;
import org.pushjobs.zmtp.wire.Metadata;
import org.pushjobs.zmtp.wire.ProtocolException;

/** CURVE, client side (RFC 26); the names of the keys are as in {@link CurveServerHandshake}. */
public final class CurveClientHandshake implements Handshake {
    private static final int HELLO_SIZE = 200;
    private static final int HELLO_KEY_AT = 80;
    private static final int HELLO_NONCE_AT = 112;
    private static final int HELLO_BOX_AT = 120;
    private static final int SIGNATURE = 64;
    private static final int WELCOME_SIZE = 168;
    private static final int WELCOME_BOX_AT = 24;
    private static final int VOUCH = Curve.LONG_NONCE + Curve.MAC + 2 * Curve.KEY;
    private static final long HELLO_NUMBER = 1;
    private static final long INITIATE_NUMBER = 2;

    private enum Expected {
        WELCOME,
        READY
    }

    private final Curve curve;
    private final byte[] serverKey;
    private final KeyPair clientKeys;
    private final Metadata metadata;
    private final KeyPair shortTerm;
    private byte[] helloKey = {};
    private Expected expected = Expected.WELCOME;
    private CurveFrames frames;

    /** @param serverKey the server's permanent public key */
    public CurveClientHandshake(Curve curve, byte[] serverKey, KeyPair clientKeys, Metadata metadata) {
        this.curve = curve;
        this.serverKey = serverKey;
        this.clientKeys = clientKeys;
        this.metadata = metadata;
        this.shortTerm = curve.nacl().newKeyPair();
    }

    @Override
    public byte[] begin() {
        helloKey = curve.nacl()
                .sharedKey(serverKey, shortTerm.secretKey())
                .orElseThrow(() -> new IllegalArgumentException("the server's public key is a weak one"));
        byte[] hello = Arrays.copyOf(Curve.HELLO, HELLO_SIZE);
        hello[Curve.HELLO.length] = 1;
        System.arraycopy(shortTerm.publicKey(), 0, hello, HELLO_KEY_AT, Curve.KEY);
        Curve.putLong(HELLO_NUMBER, hello, HELLO_NONCE_AT);
        curve.seal(helloKey, Curve.HELLO_NONCE, HELLO_NUMBER, hello, HELLO_BOX_AT, SIGNATURE);
        return hello;
    }

    @Override
    public Step receive(byte[] command) throws ProtocolException {
        if (Commands.is(Commands.ERROR, command, 0, command.length)) {
            return new Step.Refused(Commands.reason(command));
        }
        return switch (expected) {
            case WELCOME -> new Step.Reply(initiate(command));
            case READY -> {
                int content = frames.openReady(Commands.READY, command);
                yield new Step.Ready(Metadata.read(command, content, command.length), frames);
            }
        };
    }

    private byte[] initiate(byte[] welcome) throws ProtocolException {
        Curve.requireCommand(Curve.WELCOME, WELCOME_SIZE, welcome);
        if (welcome.length != WELCOME_SIZE) {
            throw new ProtocolException(CloseReason.MALFORMED, "a WELCOME of " + welcome.length + " bytes");
        }
        Curve.requireOpened(
                curve.open(
                        helloKey,
                        Curve.WELCOME_NONCE,
                        welcome,
                        Curve.WELCOME.length,
                        WELCOME_BOX_AT,
                        WELCOME_SIZE - WELCOME_BOX_AT),
                "WELCOME");
        int content = WELCOME_BOX_AT + Curve.MAC;
        byte[] shortServerKey = Arrays.copyOfRange(welcome, content, content + Curve.KEY);
        byte[] session = curve.sharedKey(shortServerKey, shortTerm.secretKey());
        byte[] properties = metadata.encode();

        int box = Curve.INITIATE.length + CookieKeys.COOKIE + Curve.SHORT_NONCE;
        byte[] initiate = Arrays.copyOf(Curve.INITIATE, box + Curve.MAC + Curve.KEY + VOUCH + properties.length);
        System.arraycopy(welcome, content + Curve.KEY, initiate, Curve.INITIATE.length, CookieKeys.COOKIE);
        Curve.putLong(INITIATE_NUMBER, initiate, box - Curve.SHORT_NONCE);
        int key = box + Curve.MAC;
        System.arraycopy(clientKeys.publicKey(), 0, initiate, key, Curve.KEY);
        vouch(shortServerKey, initiate, key + Curve.KEY);
        System.arraycopy(properties, 0, initiate, key + Curve.KEY + VOUCH, properties.length);
        curve.seal(session, Curve.INITIATE_NONCE, INITIATE_NUMBER, initiate, box, initiate.length - key);

        frames = CurveFrames.ofClient(curve, session, INITIATE_NUMBER);
        expected = Expected.READY;
        wipeShortTerm();
        return initiate;
    }

    private void vouch(byte[] shortServerKey, byte[] target, int offset) throws ProtocolException {
        byte[] nonce = curve.random(Curve.LONG_NONCE);
        System.arraycopy(nonce, 0, target, offset, nonce.length);
        int box = offset + Curve.LONG_NONCE;
        System.arraycopy(shortTerm.publicKey(), 0, target, box + Curve.MAC, Curve.KEY);
        System.arraycopy(serverKey, 0, target, box + Curve.MAC + Curve.KEY, Curve.KEY);
        byte[] shared = curve.sharedKey(shortServerKey, clientKeys.secretKey());
        curve.seal(shared, Curve.VOUCH_NONCE, nonce, target, box, 2 * Curve.KEY);
        Curve.wipe(shared);
    }

    @Override
    public byte[] accept() {
        throw new IllegalStateException("a client does not accept");
    }

    private void wipeShortTerm() {
        Curve.wipe(helloKey);
        shortTerm.wipe();
    }

    @Override
    public void wipe() {
        wipeShortTerm();
        if (frames != null) {
            frames.wipe();
        }
    }
}
