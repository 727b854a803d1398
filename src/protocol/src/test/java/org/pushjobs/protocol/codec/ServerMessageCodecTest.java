package org.pushjobs.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.RsaBodySignature;

/** What the server writes the agent reads; what the agent refuses and why. */
class ServerMessageCodecTest {
    private static final KeyPair SERVER_KEYS = PemKeys.generate();
    private static final ServerMessageReader READER = new ServerMessageReader(
            MessageLimits.DEFAULT, Clock.fixed(AgentFrame.NOW, ZoneOffset.UTC), AgentFrame.KEY, (RSAPublicKey)
                    SERVER_KEYS.getPublic());

    static Stream<ServerMessage> messages() {
        Map<String, String> env = new LinkedHashMap<>();
        for (String name : "ZULU YANKEE XRAY WHISKEY VICTOR ALPHA BRAVO CHARLIE".split(" ")) {
            env.put(name, "value of " + name + " 😀");
        }
        return Stream.of(
                new ServerMessage.Abort(),
                new ServerMessage.Ack(),
                new ServerMessage.Run("id"),
                new ServerMessage.AckResult("id"),
                new ServerMessage.AckOutput("id", OutputChannel.STDERR, 1L << 33, true),
                new ServerMessage.AckOutput("id", OutputChannel.STDOUT, 0, false),
                new ServerMessage.Commit("id", "push.example.com", JobSpec.of("x"), OptionalInt.of(3600)),
                new ServerMessage.Commit("id", "push.example.com", JobSpec.of("chef-client")),
                new ServerMessage.Commit("id", "push.example.com", JobSpec.of("")),
                new ServerMessage.Commit(
                        "id",
                        "push.example.com",
                        new JobSpec(
                                "echo \"žluť\" \u0000",
                                Optional.of("root"),
                                Optional.of("/tmp"),
                                Optional.of(env),
                                Optional.of("raw:a\nb"),
                                true)),
                new ServerMessage.Commit(
                        "id",
                        "push.example.com",
                        new JobSpec(
                                "ls",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(Map.of()),
                                Optional.empty(),
                                false)));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void messageSurvivesTheWire(ServerMessage message) throws RejectedMessageException {
        // when
        byte[] body = ServerMessageCodec.encode(message, 3, AgentFrame.NOW);

        // then
        assertThat(READER.readCommand(MessageHeader.hmac(body, AgentFrame.KEY).encode(), body))
                .isEqualTo(message);
    }

    @Test
    void environmentKeepsItsOrder() throws RejectedMessageException {
        // given
        Map<String, String> env = new LinkedHashMap<>();
        for (int i = 30; i > 0; i--) {
            env.put("VARIABLE_" + i, "");
        }
        JobSpec spec = new JobSpec("ls", Optional.empty(), Optional.empty(), Optional.of(env), Optional.empty(), false);

        // when
        byte[] body = ServerMessageCodec.encode(new ServerMessage.Commit("id", "s", spec), 1, AgentFrame.NOW);
        ServerMessage.Commit received = (ServerMessage.Commit)
                READER.readCommand(MessageHeader.hmac(body, AgentFrame.KEY).encode(), body);

        // then
        assertThat(received.spec().env().orElseThrow()).containsExactlyEntriesOf(env);
    }

    @Test
    void charactersBeyondTheBasicPlaneAreWrittenAsTheyAre() {
        // when
        byte[] body = ServerMessageCodec.encode(
                new ServerMessage.Commit("id", "s", JobSpec.of("echo 😀")), 1, AgentFrame.NOW);

        // then
        assertThat(new String(body, StandardCharsets.UTF_8)).contains("\"command\":\"echo 😀\"");
    }

    @Test
    void halfOfASurrogatePairBecomesAQuestionMark() {
        // when
        byte[] body = ServerMessageCodec.encode(
                new ServerMessage.Commit("id", "s", JobSpec.of("echo \ud83d!")), 1, AgentFrame.NOW);

        // then
        assertThat(new String(body, StandardCharsets.UTF_8)).contains("\"command\":\"echo ?!\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'run'} | BAD_FIELD | field timestamp is missing",
                "{'timestamp':'T'} | BAD_FIELD | field type is missing",
                "{'timestamp':'T','type':'stop'} | UNKNOWN_TYPE | type is not one that a server sends on the command port",
                "{'timestamp':'T','type':'heartbeat'} | UNKNOWN_TYPE | type is not one that a server sends on the command port",
                "{'timestamp':'T','type':'run'} | BAD_FIELD | field job_id is missing",
                "{'timestamp':'T','type':'run','job_id':1} | BAD_FIELD | field job_id is not a string",
                "{'timestamp':'T','type':'commit','job_id':'x'} | BAD_FIELD | field command is missing",
                "{'timestamp':'T','type':'commit','job_id':'x','command':'c','user':0} | BAD_FIELD | field user is not a string",
                "{'timestamp':'T','type':'commit','job_id':'x','command':'c','dir':[]} | BAD_FIELD | field dir is not a string",
                "{'timestamp':'T','type':'commit','job_id':'x','command':'c','file':{}} | BAD_FIELD | field file is not a string",
                "{'timestamp':'T','type':'commit','job_id':'x','command':'c','env':[]} | BAD_FIELD | field env is not an object of strings",
                "{'timestamp':'T','type':'commit','job_id':'x','command':'c','env':{'A':1}} | BAD_FIELD | field env is not an object of strings",
                "{'timestamp':'T','type':'commit','job_id':'x','command':'c','env':{'A':{}}} | BAD_FIELD | field env is not an object of strings",
                "{'timestamp':'T','type':'commit','job_id':'x','command':'c','capture':'no'} | BAD_FIELD | field capture is not true or false",
                "[] | BAD_JSON | body is not a JSON object"
            })
    void commandWithAFaultIsRefused(String text, RejectionReason reason, String detail) {
        // given
        byte[] body = body(text);

        // when
        RejectedMessageException rejection = catchThrowableOfType(
                RejectedMessageException.class,
                () -> READER.readCommand(
                        MessageHeader.hmac(body, AgentFrame.KEY).encode(), body));

        // then
        assertThat(rejection).hasMessage(detail);
        assertThat(rejection.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'timestamp':'T','type':'run'} | UNKNOWN_TYPE | type is not heartbeat",
                "{'timestamp':'T','type':'heartbeat','sequence':1} | BAD_FIELD | field incarnation_id is missing",
                "{'timestamp':'T','type':'heartbeat','incarnation_id':'i'} | BAD_FIELD | field sequence is missing"
            })
    void heartbeatWithAFaultIsRefused(String text, RejectionReason reason, String detail) {
        // given
        byte[] body = body(text);
        byte[] header = RsaBodySignature.header(body, (RSAPrivateKey) SERVER_KEYS.getPrivate())
                .encode();

        // when
        RejectedMessageException rejection =
                catchThrowableOfType(RejectedMessageException.class, () -> READER.readHeartbeat(header, body));

        // then
        assertThat(rejection).hasMessage(detail);
        assertThat(rejection.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"-86400, true", "0, true", "300, true", "301, false", "86400, false"})
    void onlyATimestampInTheFutureIsRefused(long seconds, boolean taken) {
        // given
        byte[] body = ServerMessageCodec.encode(new ServerHeartbeat("s", "i", 1, AgentFrame.NOW.plusSeconds(seconds)));
        byte[] header = RsaBodySignature.header(body, (RSAPrivateKey) SERVER_KEYS.getPrivate())
                .encode();

        // when
        RejectedMessageException rejection =
                catchThrowableOfType(RejectedMessageException.class, () -> READER.readHeartbeat(header, body));

        // then
        if (taken) {
            assertThat(rejection).isNull();
        } else {
            assertThat(rejection).hasMessage("the server's timestamp is more than 300 s in the future");
            assertThat(rejection.reason()).isEqualTo(RejectionReason.CLOCK_SKEW);
        }
    }

    private static byte[] commit(int commandBytes) {
        return ServerMessageCodec.encode(
                new ServerMessage.Commit("id", "server", JobSpec.of("x".repeat(commandBytes))), 3, AgentFrame.NOW);
    }

    private static byte[] signed(byte[] body) {
        return MessageHeader.hmac(body, AgentFrame.KEY).encode();
    }

    @Test
    void commitMayBeLargerThanOtherMessages() throws RejectedMessageException {
        byte[] body = commit(MessageLimits.MAX_COMMIT_SIZE_BYTES - commit(0).length);

        assertThat(body).hasSize(MessageLimits.MAX_COMMIT_SIZE_BYTES);
        assertThat(READER.readCommand(signed(body), body)).isInstanceOf(ServerMessage.Commit.class);
    }

    @Test
    void commitThatIsTooLargeIsRefusedByTheNameOfItsJobWhenItIsAuthentic() {
        byte[] body = commit(MessageLimits.MAX_COMMIT_SIZE_BYTES);

        RefusedCommitException refusal =
                catchThrowableOfType(RefusedCommitException.class, () -> READER.readCommand(signed(body), body));
        RejectedMessageException forged =
                catchThrowableOfType(RejectedMessageException.class, () -> READER.readCommand(signed(commit(1)), body));

        assertThat(refusal.jobId()).isEqualTo("id");
        assertThat(refusal.reason()).isEqualTo(RejectionReason.BODY_TOO_LONG);
        assertThat(refusal).hasMessage("body has " + body.length + " bytes, at most 1048000 are allowed");
        assertThat(forged.reason()).isEqualTo(RejectionReason.BAD_SIGNATURE);
    }

    @Test
    void commitWithAFaultIsRefusedByTheNameOfItsJob() {
        byte[] body = new String(commit(1), StandardCharsets.UTF_8)
                .replace("\"capture\":false", "\"env\":{\"A\":1}")
                .getBytes(StandardCharsets.UTF_8);

        RefusedCommitException refusal =
                catchThrowableOfType(RefusedCommitException.class, () -> READER.readCommand(signed(body), body));

        assertThat(refusal.jobId()).isEqualTo("id");
        assertThat(refusal).hasMessage("field env is not an object of strings");
    }

    @Test
    void largestSizeOfAMessageIsThatWithTheLongestSequence() {
        ServerMessage message = new ServerMessage.Commit("id", "server", JobSpec.of("gr\u00f6"));

        assertThat(ServerMessageCodec.maxSize(message))
                .isEqualTo(ServerMessageCodec.encode(message, Long.MAX_VALUE, AgentFrame.NOW).length);
    }

    @Test
    void signatureIsCheckedBeforeTheBodyIsRead() {
        // given
        byte[] body = "junk".getBytes(StandardCharsets.UTF_8);

        // when
        RejectedMessageException rejection = catchThrowableOfType(
                RejectedMessageException.class,
                () -> READER.readCommand(
                        MessageHeader.hmac(body, AgentFrame.OTHER_KEY).encode(), body));

        // then
        assertThat(rejection.reason()).isEqualTo(RejectionReason.BAD_SIGNATURE);
    }

    private static byte[] body(String text) {
        return text.replace("'T'", "'" + HttpDate.format(AgentFrame.NOW) + "'")
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8);
    }
}
