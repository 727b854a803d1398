package org.pushjobs.server.facts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.message.StreamedOutput;
import org.pushjobs.server.bus.WireEnum;
import org.pushjobs.server.bus.WireFormat;
import org.pushjobs.server.bus.WireReader;
import org.pushjobs.server.bus.WireWriter;

/**
 * How nodes, and what agents and server say to each other, go from one server process to another. It is another format than the
 * agents': output stays bytes.
 */
public final class MessageFormats {
    public static final WireFormat<NodeRef> NODE = WireFormat.of(
            (out, node) -> {
                out.text(1, node.orgGuid());
                out.text(2, node.node());
            },
            in -> new NodeRef(in.text(1), in.text(2)));

    static final WireEnum<JobState> JOB_STATES =
            WireEnum.of(List.of(JobState.IDLE, JobState.COMMITTED, JobState.RUNNING));

    static final WireFormat<NackReason> NACK_REASON = WireFormat.of(
            (out, reason) -> {
                out.text(1, reason.word());
                out.text(2, reason.text());
            },
            in -> new NackReason(in.text(1), in.text(2)));

    static final WireFormat<AgentMessage> AGENT_MESSAGE =
            WireFormat.of(MessageFormats::writeAgentMessage, MessageFormats::readAgentMessage);

    static final WireFormat<ServerMessage> SERVER_MESSAGE =
            WireFormat.of(MessageFormats::writeServerMessage, MessageFormats::readServerMessage);

    private static final WireEnum<OutputChannel> CHANNELS =
            WireEnum.of(List.of(OutputChannel.STDOUT, OutputChannel.STDERR));

    private static final WireFormat<Map.Entry<String, String>> VARIABLE = WireFormat.of(
            (out, variable) -> {
                out.text(1, variable.getKey());
                out.text(2, variable.getValue());
            },
            in -> Map.entry(in.text(1), in.text(2)));

    private static final WireFormat<Map<String, String>> VARIABLES =
            WireFormat.of((out, variables) -> out.list(1, VARIABLE, List.copyOf(variables.entrySet())), in -> {
                Map<String, String> variables = new LinkedHashMap<>();
                in.list(1, VARIABLE).forEach(variable -> variables.put(variable.getKey(), variable.getValue()));
                return variables;
            });

    public static final WireFormat<JobSpec> JOB_SPEC = WireFormat.of(
            (out, spec) -> {
                out.text(1, spec.command());
                out.text(2, spec.user());
                out.text(3, spec.dir());
                out.nested(4, VARIABLES, spec.env());
                out.text(5, spec.file());
                out.flag(6, spec.capture());
            },
            in -> new JobSpec(
                    in.text(1),
                    in.optionalText(2),
                    in.optionalText(3),
                    in.optional(4, VARIABLES),
                    in.optionalText(5),
                    in.flag(6)));

    private static final WireFormat<AgentEnvelope> ENVELOPE = WireFormat.of(
            (out, envelope) -> {
                out.text(1, envelope.node());
                out.text(2, envelope.client());
                out.text(3, envelope.org());
                out.number(4, envelope.sequence());
                out.instant(5, envelope.timestamp());
                out.text(6, envelope.incarnationId());
                out.text(7, envelope.jobId());
                out.text(8, envelope.protocolVersion());
            },
            in -> new AgentEnvelope(
                    in.text(1),
                    in.text(2),
                    in.text(3),
                    in.number(4),
                    in.instant(5),
                    in.text(6),
                    in.optionalText(7),
                    in.text(8)));

    private static final WireFormat<Output> OUTPUT = WireFormat.of(
            (out, output) -> {
                out.text(1, output.stdout());
                out.text(2, output.stderr());
            },
            in -> new Output(in.text(1), in.text(2)));

    private static final WireFormat<StreamedOutput> STREAMED = WireFormat.of(
            (out, streamed) -> {
                out.number(1, streamed.stdoutBytes());
                out.number(2, streamed.stderrBytes());
                out.number(3, streamed.stdoutDroppedBytes());
                out.number(4, streamed.stderrDroppedBytes());
            },
            in -> new StreamedOutput(in.number(1), in.number(2), in.number(3), in.number(4)));

    private static final WireFormat<OutputTail> TAIL = WireFormat.of(
            (out, tail) -> {
                out.number(1, tail.offset());
                out.bytes(2, tail.data());
            },
            in -> new OutputTail(in.number(1), in.bytes(2)));

    private static final WireFormat<Ending> ENDING = WireFormat.of(
            (out, ending) -> {
                out.number(1, ending.exitCode());
                out.text(2, ending.signal());
                out.flag(3, ending.timedOut());
                out.nested(4, STREAMED, ending.output());
                out.nested(5, TAIL, ending.tail());
            },
            in -> new Ending(
                    in.integer(1), in.optionalText(2), in.flag(3), in.optional(4, STREAMED), in.optional(5, TAIL)));

    private MessageFormats() {}

    private static void writeAgentMessage(WireWriter out, AgentMessage message) {
        out.number(1, kind(message));
        out.nested(2, ENVELOPE, message.envelope());
        switch (message) {
            case AgentMessage.Heartbeat heartbeat -> {
                out.constant(3, JOB_STATES, heartbeat.jobState());
                out.number(4, heartbeat.maxCommitBytes());
            }
            case AgentMessage.NackCommit nack -> out.nested(3, NACK_REASON, nack.reason());
            case AgentMessage.NackRun nack -> out.nested(3, NACK_REASON, nack.reason());
            case AgentMessage.Result result -> {
                out.nested(3, OUTPUT, result.output());
                out.nested(4, ENDING, result.ending());
            }
            case AgentMessage.OutputChunk chunk -> {
                out.constant(3, CHANNELS, chunk.channel());
                out.number(4, chunk.offset());
                out.bytes(5, chunk.data());
            }
            case AgentMessage.AckCommit _,
                    AgentMessage.AckRun _,
                    AgentMessage.TimingOut _,
                    AgentMessage.Goodbye _,
                    AgentMessage.Aborted _ -> {
                // the kind says it all
            }
        }
    }

    private static int kind(AgentMessage message) {
        return switch (message) {
            case AgentMessage.Heartbeat _ -> 1;
            case AgentMessage.AckCommit _ -> 2;
            case AgentMessage.NackCommit _ -> 3;
            case AgentMessage.AckRun _ -> 4;
            case AgentMessage.NackRun _ -> 5;
            case AgentMessage.Succeeded _ -> 6;
            case AgentMessage.Failed _ -> 7;
            case AgentMessage.TimingOut _ -> 8;
            case AgentMessage.OutputChunk _ -> 9;
            case AgentMessage.Goodbye _ -> 10;
            case AgentMessage.Aborted _ -> 11;
        };
    }

    private static AgentMessage readAgentMessage(WireReader in) {
        int kind = in.integer(1);
        AgentEnvelope envelope = in.nested(2, ENVELOPE);
        return switch (kind) {
            case 1 -> new AgentMessage.Heartbeat(envelope, in.constant(3, JOB_STATES), in.optionalInteger(4));
            case 2 -> new AgentMessage.AckCommit(envelope);
            case 3 -> new AgentMessage.NackCommit(envelope, in.optional(3, NACK_REASON));
            case 4 -> new AgentMessage.AckRun(envelope);
            case 5 -> new AgentMessage.NackRun(envelope, in.optional(3, NACK_REASON));
            case 6 -> new AgentMessage.Succeeded(envelope, in.optional(3, OUTPUT), in.optional(4, ENDING));
            case 7 -> new AgentMessage.Failed(envelope, in.optional(3, OUTPUT), in.optional(4, ENDING));
            case 8 -> new AgentMessage.TimingOut(envelope);
            case 9 -> new AgentMessage.OutputChunk(envelope, in.constant(3, CHANNELS), in.number(4), in.bytes(5));
            case 10 -> new AgentMessage.Goodbye(envelope);
            case 11 -> new AgentMessage.Aborted(envelope);
            default -> throw WireReader.unknown("message of an agent", kind);
        };
    }

    private static void writeServerMessage(WireWriter out, ServerMessage message) {
        switch (message) {
            case ServerMessage.Commit commit -> {
                out.number(1, 1);
                out.text(2, commit.jobId());
                out.text(3, commit.server());
                out.nested(4, JOB_SPEC, commit.spec());
                out.number(5, commit.runTimeoutSeconds());
            }
            case ServerMessage.Run(String jobId) -> {
                out.number(1, 2);
                out.text(2, jobId);
            }
            case ServerMessage.Abort _ -> out.number(1, 3);
            case ServerMessage.Ack _ -> out.number(1, 4);
            case ServerMessage.AckResult(String jobId) -> {
                out.number(1, 5);
                out.text(2, jobId);
            }
            case ServerMessage.AckOutput ack -> {
                out.number(1, 6);
                out.text(2, ack.jobId());
                out.constant(3, CHANNELS, ack.channel());
                out.number(4, ack.offset());
                out.flag(5, ack.more());
            }
        }
    }

    private static ServerMessage readServerMessage(WireReader in) {
        int kind = in.integer(1);
        return switch (kind) {
            case 1 -> new ServerMessage.Commit(in.text(2), in.text(3), in.nested(4, JOB_SPEC), in.optionalInteger(5));
            case 2 -> new ServerMessage.Run(in.text(2));
            case 3 -> new ServerMessage.Abort();
            case 4 -> new ServerMessage.Ack();
            case 5 -> new ServerMessage.AckResult(in.text(2));
            case 6 -> new ServerMessage.AckOutput(in.text(2), in.constant(3, CHANNELS), in.number(4), in.flag(5));
            default -> throw WireReader.unknown("message of a server", kind);
        };
    }
}
