package org.pushjobs.protocol.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.message.AgentEnvelope;

/**
 * What an agent learns from {@code GET /organizations/ORG/pushy/config/NODE} (wire-protocol.md, "Config document").
 *
 * @param host the server's advertised name
 * @param heartbeatAddress where the server broadcasts, {@code tcp://HOST:PORT}
 * @param commandAddress where it takes messages, {@code tcp://HOST:PORT}
 * @param intervalSeconds between heartbeats, both ways
 * @param offlineThreshold missed server heartbeats after which the agent thinks the server is away
 * @param onlineThreshold server heartbeats after which it thinks it is back
 * @param node the node's name
 * @param organization the organisation's name
 * @param publicKey PEM of the RSA key that signs server heartbeats
 * @param curvePublicKey Z85 of the server's CURVE key; empty when encryption is off
 * @param sessionKey wrapped for the receiver, see {@link org.pushjobs.protocol.keys.SessionKeys#wrap}
 * @param lifetimeSeconds after which the agent fetches the document again
 * @param maxMessageSkewSeconds how far a message's timestamp may be off
 * @param maxBodySizeBytes largest body frame the server takes
 * @param incarnationId of the server cluster
 * @param extensions what the server understands besides protocol 2.0; empty with other servers
 */
public record ConfigDocument(
        String host,
        String heartbeatAddress,
        String commandAddress,
        double intervalSeconds,
        int offlineThreshold,
        int onlineThreshold,
        String node,
        String organization,
        String publicKey,
        Optional<String> curvePublicKey,
        String sessionKey,
        int lifetimeSeconds,
        int maxMessageSkewSeconds,
        int maxBodySizeBytes,
        String incarnationId,
        Optional<Extensions> extensions) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String SESSION_KEY_METHOD = "hmac_sha256";
    private static final String MAX_OUTPUT_TAIL = "max_output_tail";

    public ConfigDocument {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(heartbeatAddress, "heartbeatAddress");
        Objects.requireNonNull(commandAddress, "commandAddress");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(organization, "organization");
        Objects.requireNonNull(publicKey, "publicKey");
        Objects.requireNonNull(curvePublicKey, "curvePublicKey");
        Objects.requireNonNull(sessionKey, "sessionKey");
        Objects.requireNonNull(incarnationId, "incarnationId");
        Objects.requireNonNull(extensions, "extensions");
    }

    /** Of a server that speaks protocol 2.0 only. */
    public ConfigDocument(
            String host,
            String heartbeatAddress,
            String commandAddress,
            double intervalSeconds,
            int offlineThreshold,
            int onlineThreshold,
            String node,
            String organization,
            String publicKey,
            Optional<String> curvePublicKey,
            String sessionKey,
            int lifetimeSeconds,
            int maxMessageSkewSeconds,
            int maxBodySizeBytes,
            String incarnationId) {
        this(
                host,
                heartbeatAddress,
                commandAddress,
                intervalSeconds,
                offlineThreshold,
                onlineThreshold,
                node,
                organization,
                publicKey,
                curvePublicKey,
                sessionKey,
                lifetimeSeconds,
                maxMessageSkewSeconds,
                maxBodySizeBytes,
                incarnationId,
                Optional.empty());
    }

    /** The same document of a server that says more or less. */
    public ConfigDocument with(Optional<Extensions> newExtensions) {
        return new ConfigDocument(
                host,
                heartbeatAddress,
                commandAddress,
                intervalSeconds,
                offlineThreshold,
                onlineThreshold,
                node,
                organization,
                publicKey,
                curvePublicKey,
                sessionKey,
                lifetimeSeconds,
                maxMessageSkewSeconds,
                maxBodySizeBytes,
                incarnationId,
                newExtensions);
    }

    /** The document as UTF-8 JSON. */
    public byte[] toJson() {
        ObjectNode document = JSON.createObjectNode();
        document.put("type", "config");
        document.put("host", host);
        document.putObject("push_jobs")
                .putObject("heartbeat")
                .put("out_addr", heartbeatAddress)
                .put("command_addr", commandAddress)
                .put("interval", intervalSeconds)
                .put("offline_threshold", offlineThreshold)
                .put("online_threshold", onlineThreshold);
        document.put("node", node);
        document.put("organization", organization);
        document.put("public_key", publicKey);
        curvePublicKey.ifPresent(key -> document.put("curve_public_key", key));
        document.putObject("encoded_session_key")
                .put("method", SESSION_KEY_METHOD)
                .put("key", sessionKey);
        document.put("lifetime", lifetimeSeconds);
        document.put("max_message_skew", maxMessageSkewSeconds);
        document.put("max_body_size", maxBodySizeBytes);
        document.put("incarnation_id", incarnationId);
        extensions.ifPresent(known -> put(
                document.putObject("extensions").put("protocol_version", AgentEnvelope.EXTENDED_PROTOCOL_VERSION),
                known));
        try {
            return JSON.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing JSON to memory failed", e);
        }
    }

    private static void put(ObjectNode document, Extensions extensions) {
        document.put("output_window", extensions.outputWindowBytes());
        document.put("max_output_size", extensions.maxOutputBytes());
        if (extensions.maxTailBytes() > 0) {
            document.put(MAX_OUTPUT_TAIL, extensions.maxTailBytes());
        }
    }

    /** @throws InvalidConfigDocumentException names the field that is missing or wrong */
    public static ConfigDocument parse(byte[] json) throws InvalidConfigDocumentException {
        JsonNode document;
        try {
            document = JSON.readTree(json);
        } catch (IOException e) {
            throw new InvalidConfigDocumentException("the configuration document is not JSON");
        }
        if (document == null || !document.isObject()) {
            throw new InvalidConfigDocumentException("the configuration document is no JSON object");
        }
        if (!string(document, "/encoded_session_key/method").equals(SESSION_KEY_METHOD)) {
            throw new InvalidConfigDocumentException(
                    "/encoded_session_key/method of the configuration document is not " + SESSION_KEY_METHOD);
        }
        return new ConfigDocument(
                string(document, "/host"),
                string(document, "/push_jobs/heartbeat/out_addr"),
                string(document, "/push_jobs/heartbeat/command_addr"),
                positive(document, "/push_jobs/heartbeat/interval"),
                positiveInteger(document, "/push_jobs/heartbeat/offline_threshold"),
                positiveInteger(document, "/push_jobs/heartbeat/online_threshold"),
                string(document, "/node"),
                string(document, "/organization"),
                string(document, "/public_key"),
                optionalString(document, "/curve_public_key"),
                string(document, "/encoded_session_key/key"),
                positiveInteger(document, "/lifetime"),
                positiveInteger(document, "/max_message_skew"),
                positiveInteger(document, "/max_body_size"),
                string(document, "/incarnation_id"),
                extensions(document));
    }

    /** What a server announces that speaks a version which this agent does not know is left alone. */
    private static Optional<Extensions> extensions(JsonNode document) throws InvalidConfigDocumentException {
        if (!document.at("/extensions/protocol_version").asText().equals(AgentEnvelope.EXTENDED_PROTOCOL_VERSION)) {
            return Optional.empty();
        }
        return Optional.of(new Extensions(
                positiveInteger(document, "/extensions/output_window"),
                positiveInteger(document, "/extensions/max_output_size"),
                document.at("/extensions").has(MAX_OUTPUT_TAIL)
                        ? positiveInteger(document, "/extensions/" + MAX_OUTPUT_TAIL)
                        : 0));
    }

    private static String string(JsonNode document, String pointer) throws InvalidConfigDocumentException {
        JsonNode value = document.at(pointer);
        if (!value.isTextual()) {
            throw new InvalidConfigDocumentException(pointer + " of the configuration document is no string");
        }
        return value.textValue();
    }

    private static Optional<String> optionalString(JsonNode document, String pointer)
            throws InvalidConfigDocumentException {
        JsonNode value = document.at(pointer);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(string(document, pointer));
    }

    private static double positive(JsonNode document, String pointer) throws InvalidConfigDocumentException {
        double value = document.at(pointer).isNumber() ? document.at(pointer).doubleValue() : 0;
        if (value <= 0 || Double.isInfinite(value)) {
            throw new InvalidConfigDocumentException(pointer + " of the configuration document is no positive number");
        }
        return value;
    }

    private static int positiveInteger(JsonNode document, String pointer) throws InvalidConfigDocumentException {
        double value = document.at(pointer).isNumber() ? document.at(pointer).doubleValue() : 0;
        if (value < 1 || value > Integer.MAX_VALUE || value != Math.rint(value)) {
            throw new InvalidConfigDocumentException(pointer + " of the configuration document is no positive integer");
        }
        return (int) value;
    }

    /** Leaves out the session key. */
    @Override
    public String toString() {
        return "ConfigDocument[host=" + host + ", heartbeatAddress=" + heartbeatAddress + ", commandAddress="
                + commandAddress + ", intervalSeconds=" + intervalSeconds + ", node=" + node + ", organization="
                + organization + ", incarnationId=" + incarnationId + "]";
    }
}
