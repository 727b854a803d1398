package org.pushjobs.zmtp.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.pushjobs.zmtp.nacl.Crypto;
import org.pushjobs.zmtp.nacl.Nacl;
import org.pushjobs.zmtp.nacl.SecretBox;
import org.pushjobs.zmtp.wire.FrameCodec;
import org.pushjobs.zmtp.wire.ProtocolException;

/** What CURVE costs, with either implementation of its primitives. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CurveBenchmark {
    /** About a heartbeat's body. */
    private static final int MESSAGE_BYTES = 330;

    @Param({"JAVA", "LIBSODIUM"})
    private Crypto crypto;

    private Sessions sessions;
    private FrameCodec codec;
    private SecretBox box;
    private final byte[] key = new byte[Nacl.KEY_BYTES];
    private final byte[] nonce = new byte[Nacl.NONCE_BYTES];
    private final byte[] sealed = new byte[Nacl.MAC_BYTES + MESSAGE_BYTES];
    private final byte[] work = new byte[sealed.length];
    private final byte[] message = new byte[MESSAGE_BYTES];
    private final ByteBuf out = Unpooled.buffer();

    @Setup
    public void prepare() {
        Nacl nacl = crypto.nacl();
        sessions = new Sessions(nacl);
        codec = sessions.sealing();
        box = nacl.newBox();
        box.seal(key, nonce, sealed, 0, MESSAGE_BYTES);
    }

    /** A frame for the wire. */
    @Benchmark
    public ByteBuf sealFrame() {
        out.clear();
        codec.encode(0, message, out);
        return out;
    }

    /** What is in a frame. */
    @Benchmark
    public boolean openBox() {
        System.arraycopy(sealed, 0, work, 0, sealed.length);
        return box.open(key, nonce, work, 0, work.length);
    }

    /** Both sides of a handshake, from HELLO to READY. */
    @Benchmark
    public Step handshake() throws ProtocolException {
        Handshake client = sessions.curveClient();
        Handshake server = sessions.curveServer();
        server.receive(Sessions.reply(client, Sessions.reply(server, client.begin())));
        return client.receive(server.accept());
    }
}
