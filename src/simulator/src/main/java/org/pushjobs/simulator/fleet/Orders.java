package org.pushjobs.simulator.fleet;

import java.util.Optional;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.ServerMessageReader;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.simulator.job.Agenda;
import org.pushjobs.simulator.report.Tally.Count;
import org.pushjobs.simulator.script.Cast;
import org.pushjobs.simulator.script.Script;

/** What comes over the command port of an agent, and what it means for its jobs. */
final class Orders {
    private final FleetLoop loop;
    private final Agenda agenda;
    private final Script part;

    /** @param part what the agent does about jobs whose command is no script */
    Orders(FleetLoop loop, Agenda agenda, Script part) {
        this.loop = loop;
        this.agenda = agenda;
        this.part = part;
    }

    /** Empty for a message that is not to be trusted, which is counted. */
    Optional<ServerMessage> read(ServerMessageReader reader, byte[] header, byte[] body) {
        try {
            return Optional.of(reader.readCommand(header, body));
        } catch (RejectedMessageException e) {
            loop.tally().error("command port: " + e.getMessage());
            return Optional.empty();
        }
    }

    void follow(ServerMessage message) {
        switch (message) {
            case ServerMessage.Commit commit -> {
                loop.tally().add(Count.COMMITS);
                agenda.commit(
                        commit.jobId(),
                        Cast.of(commit.spec().command(), part),
                        commit.spec().capture());
            }
            case ServerMessage.Run(var jobId) -> {
                loop.tally().add(Count.RUNS);
                agenda.run(jobId);
            }
            case ServerMessage.Abort() -> {
                loop.tally().add(Count.ABORTS);
                agenda.abort();
            }
            case ServerMessage.Ack() -> loop.tally().add(Count.ACKS);
            case ServerMessage.AckResult _, ServerMessage.AckOutput _ ->
                loop.tally().error("command port: a message of protocol 2.1 to an agent that speaks 2.0");
        }
    }
}
