package org.pushjobs.protocol.codec;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.signing.HmacSignature;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.SessionKey;

/** What an agent's heartbeat costs on both sides, without the transport. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MessageBenchmark {
    private final SessionKey key = new SessionKey(new byte[SessionKey.LENGTH_BYTES]);
    private final AgentMessage heartbeat = new AgentMessage.Heartbeat(
            new AgentEnvelope(
                    "web-00001.example.com",
                    "web-00001.example.com",
                    "acme",
                    4711,
                    Instant.now(),
                    "11111111-2222-4333-8444-555555555555",
                    Optional.empty()),
            JobState.IDLE);
    private final byte[] body = AgentMessageCodec.encode(heartbeat);
    private final byte[] header = MessageHeader.hmac(body, key).encode();
    private final byte[] signature = HmacSignature.sign(body, key);
    private final AgentMessageReader reader = new AgentMessageReader(MessageLimits.DEFAULT, Clock.systemUTC());

    /** The body, as an agent writes it. */
    @Benchmark
    public byte[] encode() {
        return AgentMessageCodec.encode(heartbeat);
    }

    /** The body, as the server reads it. */
    @Benchmark
    public AgentMessage decode() throws RejectedMessageException {
        return AgentMessageCodec.decode(body);
    }

    @Benchmark
    public boolean verifySignature() {
        return HmacSignature.verify(signature, body, key);
    }

    /** All that the server checks of a heartbeat. */
    @Benchmark
    public AgentMessage read() throws RejectedMessageException {
        return reader.read(header, body, _ -> key);
    }
}
