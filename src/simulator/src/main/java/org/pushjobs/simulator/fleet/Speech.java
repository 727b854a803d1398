package org.pushjobs.simulator.fleet;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;
import org.pushjobs.protocol.codec.AgentMessageCodec;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.simulator.job.Agenda;

/**
 * What the process of an agent says: bodies of messages with its name, its incarnation and a rising number. What only protocol
 * 2.1 has is left out by the codec where it speaks 2.0, as it does until it is told otherwise.
 */
final class Speech {
    private static final String CLIENT_HOST = "simulator";
    private static final OptionalInt MAX_COMMIT = OptionalInt.of(MessageLimits.MAX_COMMIT_SIZE_BYTES);

    private final FleetLoop loop;
    private final String name;
    private final String incarnationId = UUID.randomUUID().toString();
    private String protocolVersion = AgentEnvelope.PROTOCOL_VERSION;
    private long sequence;

    Speech(FleetLoop loop, String name) {
        this.loop = loop;
        this.name = name;
    }

    /** From now on messages are of this protocol. */
    void speak(String newProtocolVersion) {
        protocolVersion = newProtocolVersion;
    }

    byte[] heartbeat(Agenda agenda) {
        JobState state = agenda.reportedState();
        return body(agenda.reportedJob(), envelope -> new AgentMessage.Heartbeat(envelope, state, MAX_COMMIT));
    }

    byte[] answer(Agenda.Answer answer, Optional<String> jobId) {
        return body(
                jobId,
                switch (answer) {
                    case ACK_COMMIT -> AgentMessage.AckCommit::new;
                    case NACK_COMMIT -> AgentMessage.NackCommit::new;
                    case ACK_RUN -> AgentMessage.AckRun::new;
                    case NACK_RUN -> AgentMessage.NackRun::new;
                    case ABORTED -> AgentMessage.Aborted::new;
                });
    }

    byte[] result(Agenda.JobResult result) {
        Optional<Output> output = result.outputBytes() > 0
                ? Optional.of(new Output("x".repeat(result.outputBytes()), ""))
                : Optional.empty();
        return body(Optional.of(result.jobId()), envelope -> switch (result.result()) {
            case SUCCEEDED -> new AgentMessage.Succeeded(envelope, output, ending(0));
            case FAILED -> new AgentMessage.Failed(envelope, output, ending(1));
        });
    }

    private static Optional<Ending> ending(int exitCode) {
        return Optional.of(Ending.ofExitCode(exitCode));
    }

    private byte[] body(Optional<String> jobId, Function<AgentEnvelope, AgentMessage> type) {
        return AgentMessageCodec.encode(type.apply(new AgentEnvelope(
                name,
                CLIENT_HOST,
                loop.orgName(),
                sequence++,
                loop.clock().instant(),
                incarnationId,
                jobId,
                protocolVersion)));
    }
}
