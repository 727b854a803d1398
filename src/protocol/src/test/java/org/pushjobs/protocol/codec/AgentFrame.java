package org.pushjobs.protocol.codec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.SessionKey;

/** A good message of an agent, to be spoiled by a test and then read as the server reads it. */
final class AgentFrame {
    static final Instant NOW = Instant.parse("2026-01-15T12:34:56Z");
    static final SessionKey KEY = new SessionKey(filled((byte) 1));
    static final SessionKey OTHER_KEY = new SessionKey(filled((byte) 2));

    /** The fields of the body; a heartbeat at first. */
    final ObjectNode fields = JsonNodeFactory.instance.objectNode();

    /** Follows the JSON object in the body. */
    String bodyTail = "";

    String version = "2.0";

    /** Follows the signature in the header. */
    String headerTail = "";

    SessionKey signedWith = KEY;

    AgentMessageReader.KeyLookup keys = _ -> KEY;

    AgentFrame() {
        fields.put("node", "web-1");
        fields.put("client", "web-1.example.com");
        fields.put("protocol_version", "2.0");
        fields.put("org", "acme");
        fields.put("type", "heartbeat");
        fields.put("sequence", 7);
        fields.put("timestamp", HttpDate.format(NOW));
        fields.put("incarnation_id", "11111111-2222-4333-8444-555555555555");
        fields.put("job_state", "idle");
        fields.putNull("job_id");
    }

    byte[] body() {
        return (fields + bodyTail).getBytes(StandardCharsets.UTF_8);
    }

    byte[] header() {
        String good = new String(MessageHeader.hmac(body(), signedWith).encode(), StandardCharsets.US_ASCII);
        return (good.replace("Version:2.0", "Version:" + version) + headerTail).getBytes(StandardCharsets.US_ASCII);
    }

    AgentMessage read() throws RejectedMessageException {
        return reader().read(header(), body(), keys);
    }

    /** Reads another body as if the agent had sent and signed it. */
    AgentMessage readBody(byte[] body) throws RejectedMessageException {
        return reader().read(MessageHeader.hmac(body, KEY).encode(), body, keys);
    }

    /** Reads this body with another header. */
    AgentMessage readWithHeader(byte[] header) throws RejectedMessageException {
        return reader().read(header, body(), keys);
    }

    private static AgentMessageReader reader() {
        return new AgentMessageReader(MessageLimits.DEFAULT, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static byte[] filled(byte value) {
        byte[] bytes = new byte[SessionKey.LENGTH_BYTES];
        Arrays.fill(bytes, value);
        return bytes;
    }
}
