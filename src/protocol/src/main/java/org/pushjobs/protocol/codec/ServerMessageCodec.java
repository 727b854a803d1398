package org.pushjobs.protocol.codec;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.protocol.message.ServerMessage;

/** Body frames of {@link ServerMessage}s and {@link ServerHeartbeat}s (wire-protocol.md, "Server → agent"). */
public final class ServerMessageCodec {
    private ServerMessageCodec() {}

    /**
     * @param sequence rising per node
     * @param timestamp now
     */
    public static byte[] encode(ServerMessage message, long sequence, Instant timestamp) {
        return BodyFields.write(json -> {
            json.writeNumberField("sequence", sequence);
            json.writeStringField("timestamp", HttpDate.format(timestamp));
            switch (message) {
                case ServerMessage.Commit commit -> {
                    JobSpec spec = commit.spec();
                    json.writeStringField("type", "commit");
                    json.writeStringField("job_id", commit.jobId());
                    json.writeStringField("server", commit.server());
                    json.writeStringField("command", spec.command());
                    if (spec.user().isPresent()) {
                        json.writeStringField("user", spec.user().get());
                    }
                    if (spec.dir().isPresent()) {
                        json.writeStringField("dir", spec.dir().get());
                    }
                    if (spec.env().isPresent()) {
                        json.writeObjectFieldStart("env");
                        for (Map.Entry<String, String> variable :
                                spec.env().get().entrySet()) {
                            json.writeStringField(variable.getKey(), variable.getValue());
                        }
                        json.writeEndObject();
                    }
                    if (spec.file().isPresent()) {
                        json.writeStringField("file", spec.file().get());
                    }
                    json.writeBooleanField("capture", spec.capture());
                    if (commit.runTimeoutSeconds().isPresent()) {
                        json.writeNumberField(
                                "run_timeout", commit.runTimeoutSeconds().getAsInt());
                    }
                }
                case ServerMessage.Run run -> {
                    json.writeStringField("type", "run");
                    json.writeStringField("job_id", run.jobId());
                }
                case ServerMessage.Abort _ -> json.writeStringField("type", "abort");
                case ServerMessage.Ack _ -> json.writeStringField("type", "ack");
                case ServerMessage.AckResult ack -> {
                    json.writeStringField("type", "ack_result");
                    json.writeStringField("job_id", ack.jobId());
                }
                case ServerMessage.AckOutput ack -> {
                    json.writeStringField("type", "ack_output");
                    json.writeStringField("job_id", ack.jobId());
                    json.writeStringField("channel", ack.channel().wireName());
                    json.writeNumberField("offset", ack.offset());
                    json.writeBooleanField("more", ack.more());
                }
            }
        });
    }

    /** The most bytes that the body of a message has, whatever its sequence and time. */
    public static int maxSize(ServerMessage message) {
        return encode(message, Long.MAX_VALUE, Instant.EPOCH).length;
    }

    /** The body of a heartbeat broadcast. */
    public static byte[] encode(ServerHeartbeat heartbeat) {
        return BodyFields.write(json -> {
            json.writeNumberField("sequence", heartbeat.sequence());
            json.writeStringField("timestamp", HttpDate.format(heartbeat.timestamp()));
            json.writeStringField("server", heartbeat.server());
            json.writeStringField("type", "heartbeat");
            json.writeStringField("incarnation_id", heartbeat.incarnationId());
        });
    }

    static ServerMessage decode(BodyFields fields) throws RejectedMessageException {
        return switch (fields.string("type")) {
            case "commit" ->
                new ServerMessage.Commit(
                        fields.string("job_id"),
                        fields.optionalString("server").orElse(""),
                        new JobSpec(
                                fields.string("command"),
                                fields.optionalString("user"),
                                fields.optionalString("dir"),
                                fields.optionalStringMap("env"),
                                fields.optionalString("file"),
                                fields.optionalBoolean("capture")),
                        runTimeout(fields));
            case "run" -> new ServerMessage.Run(fields.string("job_id"));
            case "abort" -> new ServerMessage.Abort();
            case "ack" -> new ServerMessage.Ack();
            case "ack_result" -> new ServerMessage.AckResult(fields.string("job_id"));
            case "ack_output" ->
                new ServerMessage.AckOutput(
                        fields.string("job_id"),
                        AgentExtensions.channel(fields),
                        AgentExtensions.count(fields, "offset"),
                        fields.optionalBoolean("more"));
            default ->
                throw new RejectedMessageException(
                        RejectionReason.UNKNOWN_TYPE, "type is not one that a server sends on the command port");
        };
    }

    /** The job for which a message is a commit; empty when it is another message, or names no job that can be. */
    static Optional<String> commitOf(BodyFields fields) {
        return Optional.of(fields.looseText("job_id"))
                .filter(jobId -> fields.looseText("type").equals("commit"))
                .filter(jobId -> !jobId.isEmpty() && jobId.length() <= AgentEnvelope.MAX_JOB_ID_BYTES);
    }

    private static OptionalInt runTimeout(BodyFields fields) throws RejectedMessageException {
        return fields.isAbsent("run_timeout")
                ? OptionalInt.empty()
                : OptionalInt.of(Math.clamp(AgentExtensions.count(fields, "run_timeout"), 0, Integer.MAX_VALUE));
    }

    static ServerHeartbeat decodeHeartbeat(BodyFields fields) throws RejectedMessageException {
        if (!fields.string("type").equals("heartbeat")) {
            throw new RejectedMessageException(RejectionReason.UNKNOWN_TYPE, "type is not heartbeat");
        }
        return new ServerHeartbeat(
                fields.optionalString("server").orElse(""),
                fields.string("incarnation_id"),
                fields.integer("sequence"),
                fields.timestamp());
    }
}
