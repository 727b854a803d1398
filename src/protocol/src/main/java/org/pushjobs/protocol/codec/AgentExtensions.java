package org.pushjobs.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.protocol.message.StreamedOutput;

/**
 * What protocol 2.1 adds to the body frames of agents (docs/decisions/0016). It is read and written only where the envelope
 * says 2.1; for all others these fields and types do not exist.
 */
final class AgentExtensions {
    static final String TIMING_OUT = "timing_out";
    static final String OUTPUT = "output";
    static final String GOODBYE = "goodbye";

    private static final String MAX_COMMIT_SIZE = "max_commit_size";
    private static final String OUTPUT_TAIL = "output_tail";
    private static final String OUTPUT_TAIL_OFFSET = "output_tail_offset";

    private AgentExtensions() {}

    /** A message of a type that protocol 2.0 does not have. */
    static AgentMessage message(String type, AgentEnvelope envelope, BodyFields fields)
            throws RejectedMessageException {
        if (envelope.isExtended()) {
            switch (type) {
                case TIMING_OUT -> {
                    return new AgentMessage.TimingOut(envelope);
                }
                case OUTPUT -> {
                    return new AgentMessage.OutputChunk(
                            envelope, channel(fields), count(fields, "offset"), data(fields, "data"));
                }
                case GOODBYE -> {
                    return new AgentMessage.Goodbye(envelope);
                }
                default -> {
                    // no such type
                }
            }
        }
        throw new RejectedMessageException(RejectionReason.UNKNOWN_TYPE, "type is not one that an agent sends");
    }

    static Optional<NackReason> reason(AgentEnvelope envelope, BodyFields fields) throws RejectedMessageException {
        return envelope.isExtended() && !fields.isAbsent("reason")
                ? Optional.of(new NackReason(
                        fields.string("reason"),
                        fields.optionalString("reason_text").orElse("")))
                : Optional.empty();
    }

    static Optional<Ending> ending(AgentEnvelope envelope, BodyFields fields) throws RejectedMessageException {
        if (!envelope.isExtended() || fields.isAbsent("exit_code")) {
            return Optional.empty();
        }
        long exitCode = count(fields, "exit_code");
        if (exitCode > 255) {
            throw BodyFields.badField("exit_code", "is above 255");
        }
        return Optional.of(new Ending(
                (int) exitCode,
                fields.optionalString("signal"),
                fields.optionalBoolean("timed_out"),
                fields.isAbsent("stdout_bytes")
                        ? Optional.empty()
                        : Optional.of(new StreamedOutput(
                                count(fields, "stdout_bytes"),
                                count(fields, "stderr_bytes"),
                                count(fields, "stdout_dropped"),
                                count(fields, "stderr_dropped"))),
                tail(fields)));
    }

    /** Of more than is ever kept the last. */
    private static Optional<OutputTail> tail(BodyFields fields) throws RejectedMessageException {
        return fields.isAbsent(OUTPUT_TAIL)
                ? Optional.empty()
                : Optional.of(new OutputTail(count(fields, OUTPUT_TAIL_OFFSET), data(fields, OUTPUT_TAIL))
                        .last(OutputTail.MOST_BYTES));
    }

    /** More than a server can send is as much as it can. */
    static OptionalInt maxCommitBytes(AgentEnvelope envelope, BodyFields fields) throws RejectedMessageException {
        return envelope.isExtended() && !fields.isAbsent(MAX_COMMIT_SIZE)
                ? OptionalInt.of(Math.clamp(count(fields, MAX_COMMIT_SIZE), 0, MessageLimits.MAX_COMMIT_SIZE_BYTES))
                : OptionalInt.empty();
    }

    static OutputChannel channel(BodyFields fields) throws RejectedMessageException {
        String name = fields.string("channel");
        for (OutputChannel channel : OutputChannel.values()) {
            if (channel.wireName().equals(name)) {
                return channel;
            }
        }
        throw BodyFields.badField("channel", "is not stdout or stderr");
    }

    static long count(BodyFields fields, String name) throws RejectedMessageException {
        long count = fields.integer(name);
        if (count < 0) {
            throw BodyFields.badField(name, "is negative");
        }
        return count;
    }

    private static byte[] data(BodyFields fields, String name) throws RejectedMessageException {
        try {
            return Base64.getDecoder().decode(fields.string(name));
        } catch (IllegalArgumentException e) {
            throw BodyFields.badField(name, "is not base64");
        }
    }

    static void write(JsonGenerator json, AgentMessage message) throws IOException {
        switch (message) {
            case AgentMessage.Heartbeat heartbeat -> {
                if (heartbeat.maxCommitBytes().isPresent()) {
                    json.writeNumberField(
                            MAX_COMMIT_SIZE, heartbeat.maxCommitBytes().getAsInt());
                }
            }
            case AgentMessage.NackCommit nack -> write(json, nack.reason());
            case AgentMessage.NackRun nack -> write(json, nack.reason());
            case AgentMessage.Result result -> writeEnding(json, result.ending());
            case AgentMessage.OutputChunk chunk -> {
                json.writeStringField("channel", chunk.channel().wireName());
                json.writeNumberField("offset", chunk.offset());
                json.writeStringField("data", Base64.getEncoder().encodeToString(chunk.data()));
            }
            case AgentMessage.AckCommit _,
                    AgentMessage.AckRun _,
                    AgentMessage.Aborted _,
                    AgentMessage.TimingOut _,
                    AgentMessage.Goodbye _ -> {}
        }
    }

    private static void write(JsonGenerator json, Optional<NackReason> reason) throws IOException {
        if (reason.isPresent()) {
            json.writeStringField("reason", reason.get().word());
            json.writeStringField("reason_text", reason.get().text());
        }
    }

    private static void writeEnding(JsonGenerator json, Optional<Ending> known) throws IOException {
        if (known.isEmpty()) {
            return;
        }
        Ending ending = known.get();
        json.writeNumberField("exit_code", ending.exitCode());
        if (ending.signal().isPresent()) {
            json.writeStringField("signal", ending.signal().get());
        }
        if (ending.timedOut()) {
            json.writeBooleanField("timed_out", true);
        }
        if (ending.output().isPresent()) {
            StreamedOutput output = ending.output().get();
            json.writeNumberField("stdout_bytes", output.stdoutBytes());
            json.writeNumberField("stderr_bytes", output.stderrBytes());
            json.writeNumberField("stdout_dropped", output.stdoutDroppedBytes());
            json.writeNumberField("stderr_dropped", output.stderrDroppedBytes());
        }
        if (ending.tail().isPresent()) {
            OutputTail tail = ending.tail().get();
            json.writeNumberField(OUTPUT_TAIL_OFFSET, tail.offset());
            json.writeStringField(OUTPUT_TAIL, Base64.getEncoder().encodeToString(tail.data()));
        }
    }
}
