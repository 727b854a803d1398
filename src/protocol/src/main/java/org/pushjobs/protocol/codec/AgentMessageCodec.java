package org.pushjobs.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.Output;

/** Body frames of {@link AgentMessage}s, both ways (wire-protocol.md, "Body frame: JSON object"). */
public final class AgentMessageCodec {
    private AgentMessageCodec() {}

    /**
     * @throws RejectedMessageException {@code BAD_JSON}, {@code BAD_FIELD} or {@code UNKNOWN_TYPE}; nothing else is
     *     checked here, see {@link AgentMessageReader}
     */
    public static AgentMessage decode(byte[] body) throws RejectedMessageException {
        BodyFields fields = BodyFields.parse(body);
        String type = fields.string("type");
        AgentEnvelope envelope = new AgentEnvelope(
                fields.string("node"),
                fields.optionalString("client").orElse(""),
                fields.string("org"),
                fields.integer("sequence"),
                fields.timestamp(),
                fields.string("incarnation_id"),
                jobId(fields),
                fields.looseText("protocol_version"));
        return switch (type) {
            case "heartbeat" ->
                new AgentMessage.Heartbeat(
                        envelope, jobState(fields), AgentExtensions.maxCommitBytes(envelope, fields));
            case "ack_commit" -> new AgentMessage.AckCommit(envelope);
            case "nack_commit" -> new AgentMessage.NackCommit(envelope, AgentExtensions.reason(envelope, fields));
            case "ack_run" -> new AgentMessage.AckRun(envelope);
            case "nack_run" -> new AgentMessage.NackRun(envelope, AgentExtensions.reason(envelope, fields));
            case "succeeded" ->
                new AgentMessage.Succeeded(envelope, output(fields), AgentExtensions.ending(envelope, fields));
            case "failed" ->
                new AgentMessage.Failed(envelope, output(fields), AgentExtensions.ending(envelope, fields));
            case "aborted" -> new AgentMessage.Aborted(envelope);
            default -> AgentExtensions.message(type, envelope, fields);
        };
    }

    private static Optional<String> jobId(BodyFields fields) throws RejectedMessageException {
        return fields.optionalString("job_id")
                .filter(id -> !id.equals("null"))
                .map(id -> id.getBytes(StandardCharsets.UTF_8).length > AgentEnvelope.MAX_JOB_ID_BYTES
                        ? AgentEnvelope.IMPOSSIBLE_JOB_ID
                        : id);
    }

    private static JobState jobState(BodyFields fields) throws RejectedMessageException {
        String name = fields.string("job_state");
        for (JobState state : JobState.values()) {
            if (state.wireName().equals(name)) {
                return state;
            }
        }
        throw BodyFields.badField("job_state", "is not idle, committed or running");
    }

    private static Optional<Output> output(BodyFields fields) throws RejectedMessageException {
        Optional<String> stdout = fields.optionalString("stdout");
        Optional<String> stderr = fields.optionalString("stderr");
        if (stdout.isPresent() != stderr.isPresent()) {
            throw BodyFields.badField(stdout.isPresent() ? "stderr" : "stdout", "is missing, the other one is there");
        }
        return stdout.map(out -> new Output(out, stderr.orElseThrow()));
    }

    /**
     * The body frame of a message, fields in the order in which the Ruby agent writes them, those of protocol 2.1 after
     * them. A message whose envelope says 2.0 goes out without the latter, whatever it holds.
     */
    public static byte[] encode(AgentMessage message) {
        return BodyFields.write(json -> {
            AgentEnvelope envelope = message.envelope();
            json.writeStringField("node", envelope.node());
            json.writeStringField("client", envelope.client());
            json.writeStringField("protocol_version", envelope.protocolVersion());
            json.writeStringField("org", envelope.org());
            json.writeStringField("type", typeOf(message));
            json.writeNumberField("sequence", envelope.sequence());
            json.writeStringField("timestamp", HttpDate.format(envelope.timestamp()));
            json.writeStringField("incarnation_id", envelope.incarnationId());
            if (message instanceof AgentMessage.Heartbeat heartbeat) {
                json.writeStringField("job_state", heartbeat.jobState().wireName());
            }
            if (envelope.jobId().isPresent()) {
                json.writeStringField("job_id", envelope.jobId().get());
            } else {
                json.writeNullField("job_id");
            }
            if (message instanceof AgentMessage.Result result) {
                writeOutput(json, result.output());
            }
            if (envelope.isExtended()) {
                AgentExtensions.write(json, message);
            }
        });
    }

    private static void writeOutput(JsonGenerator json, Optional<Output> output) throws IOException {
        if (output.isPresent()) {
            json.writeStringField("stdout", output.get().stdout());
            json.writeStringField("stderr", output.get().stderr());
        }
    }

    /** The value of {@code type} on the wire. */
    public static String typeOf(AgentMessage message) {
        return switch (message) {
            case AgentMessage.Heartbeat _ -> "heartbeat";
            case AgentMessage.AckCommit _ -> "ack_commit";
            case AgentMessage.NackCommit _ -> "nack_commit";
            case AgentMessage.AckRun _ -> "ack_run";
            case AgentMessage.NackRun _ -> "nack_run";
            case AgentMessage.Succeeded _ -> "succeeded";
            case AgentMessage.Failed _ -> "failed";
            case AgentMessage.Aborted _ -> "aborted";
            case AgentMessage.TimingOut _ -> AgentExtensions.TIMING_OUT;
            case AgentMessage.OutputChunk _ -> AgentExtensions.OUTPUT;
            case AgentMessage.Goodbye _ -> AgentExtensions.GOODBYE;
        };
    }
}
