package org.pushjobs.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.pushjobs.protocol.Vectors;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.RsaBodySignature;

/** Whatever arrives, it is read or rejected: no other exception, which would end the thread that owns the sockets. */
class HostileFramesTest {
    private static final KeyPair SERVER_KEYS = PemKeys.generate();
    private static final byte[] GOOD_BODY = new AgentFrame().body();
    private static final byte[] RSA_HEADER = RsaBodySignature.header(
                    GOOD_BODY, (RSAPrivateKey) SERVER_KEYS.getPrivate())
            .encode();
    private static final AgentMessageReader SERVER_SIDE =
            new AgentMessageReader(MessageLimits.DEFAULT, Clock.fixed(AgentFrame.NOW, ZoneOffset.UTC));
    private static final ServerMessageReader AGENT_SIDE = new ServerMessageReader(
            MessageLimits.DEFAULT, Clock.fixed(AgentFrame.NOW, ZoneOffset.UTC), AgentFrame.KEY, (RSAPublicKey)
                    SERVER_KEYS.getPublic());

    /** Replaces, removes or inserts bytes at a place. */
    private record Mutation(int place, int removed, byte[] inserted) {
        byte[] of(byte[] original) {
            int start = Math.floorMod(place, original.length + 1);
            int end = Math.min(start + removed, original.length);
            byte[] mutant = new byte[start + inserted.length + original.length - end];
            System.arraycopy(original, 0, mutant, 0, start);
            System.arraycopy(inserted, 0, mutant, start, inserted.length);
            System.arraycopy(original, end, mutant, start + inserted.length, original.length - end);
            return mutant;
        }
    }

    @Property
    void anyHeaderAndBodyIsReadOrRejected(
            @ForAll @Size(max = 2100) byte[] header, @ForAll @Size(max = 2100) byte[] body) {
        assertThat(rejectionOfServer(header, body)).isNotEmpty();
        assertThat(rejectionOfAgent(header, body)).isNotEmpty();
    }

    @Property
    void anySignedBodyIsReadOrRejected(@ForAll @Size(max = 2100) byte[] body) {
        assertThat(rejectionOfServer(hmac(body), body)).isNotEmpty();
        assertThat(rejectionOfAgent(hmac(body), body)).isNotEmpty();
    }

    @Property(tries = 5000)
    void anyMutantOfAGoodBodyIsReadOrRejected(
            @ForAll("goodBodies") byte[] body, @ForAll("mutations") List<Mutation> mutations) {
        byte[] mutant = body;
        for (Mutation mutation : mutations) {
            mutant = mutation.of(mutant);
        }
        rejectionOfServer(hmac(mutant), mutant);
        rejectionOfAgent(hmac(mutant), mutant);
    }

    @Property(tries = 5000)
    void anyMutantOfAGoodHeaderIsReadOrRejected(@ForAll("mutations") List<Mutation> mutations) {
        byte[] hmac = hmac(GOOD_BODY);
        byte[] rsa = RSA_HEADER;
        for (Mutation mutation : mutations) {
            hmac = mutation.of(hmac);
            rsa = mutation.of(rsa);
        }
        rejectionOfServer(hmac, GOOD_BODY);
        rejectionOfServer(rsa, GOOD_BODY);
        rejectionOfAgent(hmac, GOOD_BODY);
        rejectionOfAgent(rsa, GOOD_BODY);
    }

    @Provide
    Arbitrary<byte[]> goodBodies() {
        List<byte[]> bodies = new ArrayList<>();
        for (JsonNode frame : Vectors.read("client-zmq.json").get("client_frames")) {
            if (frame.has("body")) {
                bodies.add(frame.get("body").textValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        for (JsonNode frame : Vectors.read("server-frames-erlang.json").get("from_server")) {
            bodies.add(frame.get("body").textValue().getBytes(StandardCharsets.UTF_8));
        }
        return Arbitraries.of(bodies);
    }

    @Provide
    Arbitrary<List<Mutation>> mutations() {
        Arbitrary<byte[]> inserted = Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(4),
                Arbitraries.of(
                                "{", "}", "[", "]", "\"", "\\u", "\\ud800", ":", ",", "null", "1e999", "-", ";", "=",
                                "\u0000", "ž")
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)));
        return Combinators.combine(
                        Arbitraries.integers().between(0, 10_000),
                        Arbitraries.integers().between(0, 8),
                        inserted)
                .as(Mutation::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    private static byte[] hmac(byte[] body) {
        return MessageHeader.hmac(body, AgentFrame.KEY).encode();
    }

    /** The reason, or empty when the message was taken; anything else that is thrown fails the test. */
    private static String rejectionOfServer(byte[] header, byte[] body) {
        try {
            SERVER_SIDE.read(header, body, _ -> AgentFrame.KEY);
            return "";
        } catch (RejectedMessageException e) {
            return e.reason().label();
        }
    }

    private static String rejectionOfAgent(byte[] header, byte[] body) {
        try {
            AGENT_SIDE.readCommand(header, body);
            AGENT_SIDE.readHeartbeat(header, body);
            return "";
        } catch (RejectedMessageException e) {
            return e.reason().label();
        }
    }
}
