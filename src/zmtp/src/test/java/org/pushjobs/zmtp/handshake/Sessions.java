package org.pushjobs.zmtp.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.pushjobs.zmtp.nacl.Nacl;
import org.pushjobs.zmtp.wire.Commands;
import org.pushjobs.zmtp.wire.FrameCodec;
import org.pushjobs.zmtp.wire.FrameHeader;
import org.pushjobs.zmtp.wire.Metadata;
import org.pushjobs.zmtp.wire.PlainFrames;
import org.pushjobs.zmtp.wire.ProtocolException;

/** Handshakes and traffic between a client and a server of ours, without sockets. */
public final class Sessions {
    static final long CONNECTION = 7;
    static final Metadata SERVER = new Metadata("ROUTER", new byte[0]);
    static final Metadata CLIENT = new Metadata("DEALER", new byte[] {1, 2, 3});

    private static final long LAST_NONCE = 2;

    private final Nacl nacl;
    private final Curve curve;
    private final KeyPair serverKeys;
    private final KeyPair clientKeys;
    private final CookieKeys cookies;
    private final byte[] sessionKey;
    private final byte[] hello;
    private final byte[] initiate;

    /** A client and what the server answered to its HELLO. */
    public record Welcomed(Handshake client, byte[] welcomeFrame) {}

    public Sessions(Nacl nacl) {
        this.nacl = nacl;
        this.curve = new Curve(nacl);
        this.serverKeys = nacl.newKeyPair();
        this.clientKeys = nacl.newKeyPair();
        this.cookies = new CookieKeys(curve, System::nanoTime);
        this.sessionKey = curve.random(Nacl.KEY_BYTES);
        Handshake client = curveClient();
        this.hello = client.begin();
        try {
            this.initiate = reply(client, reply(curveServer(), hello));
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] reply(Handshake side, byte[] command) throws ProtocolException {
        return ((Step.Reply) side.receive(command.clone())).command();
    }

    KeyPair serverKeys() {
        return serverKeys;
    }

    KeyPair clientKeys() {
        return clientKeys;
    }

    Curve curve() {
        return curve;
    }

    Nacl nacl() {
        return nacl;
    }

    CookieKeys cookies() {
        return cookies;
    }

    byte[] hello() {
        return hello.clone();
    }

    byte[] initiate() {
        return initiate.clone();
    }

    Handshake curveClient() {
        return new CurveClientHandshake(curve, serverKeys.publicKey(), clientKeys, CLIENT);
    }

    public Handshake curveServer() {
        return new CurveServerHandshake(curve, serverKeys, cookies, SERVER, CONNECTION);
    }

    /** One that takes {@link #initiateFrame}. */
    public Handshake curveServerAfterHello() throws ProtocolException {
        Handshake server = curveServer();
        reply(server, hello);
        return server;
    }

    public Welcomed welcomed() throws ProtocolException {
        Handshake client = curveClient();
        return new Welcomed(client, frame(reply(curveServer(), client.begin())));
    }

    public Handshake nullServer() {
        return new NullServerHandshake(SERVER);
    }

    public byte[] nullFrame() {
        return frame(Commands.body(Commands.READY, CLIENT.encode()));
    }

    public byte[] helloFrame() {
        return frame(hello);
    }

    public byte[] initiateFrame() {
        return frame(initiate);
    }

    /** One that takes {@link #traffic} of {@link #sealing}. */
    public FrameCodec opening() {
        return CurveFrames.ofServer(curve, sessionKey.clone(), LAST_NONCE);
    }

    public FrameCodec sealing() {
        return CurveFrames.ofClient(curve, sessionKey.clone(), LAST_NONCE);
    }

    /** Messages of one to six frames, short and long ones, and all commands. */
    public byte[] traffic(FrameCodec codec) {
        ByteBuf out = Unpooled.buffer();
        codec.encode(0, text("single"), out);
        codec.encode(FrameHeader.COMMAND, Commands.ping(), out);
        codec.encode(FrameHeader.MORE, text("header"), out);
        codec.encode(0, new byte[300], out);
        codec.encode(FrameHeader.COMMAND, Commands.body(Commands.PING, text("\0\7context")), out);
        codec.encode(FrameHeader.COMMAND, Commands.body(Commands.SUBSCRIBE, text("prefix")), out);
        for (int i = 0; i < 5; i++) {
            codec.encode(FrameHeader.MORE, new byte[i], out);
        }
        codec.encode(FrameHeader.COMMAND, Commands.error("400"), out);
        codec.encode(0, text("last"), out);
        codec.encode(FrameHeader.MORE, new byte[4_000], out);
        codec.encode(FrameHeader.MORE, new byte[4_000], out);
        codec.encode(0, new byte[4_000], out);
        return ByteBufUtil.getBytes(out);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] frame(byte[] command) {
        ByteBuf out = Unpooled.buffer();
        PlainFrames.INSTANCE.encode(FrameHeader.COMMAND, command, out);
        return ByteBufUtil.getBytes(out);
    }
}
