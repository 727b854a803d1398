package org.pushjobs.simulator.fleet;

import java.util.Optional;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.ServerMessageReader;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.simulator.config.AgentConfig;
import org.pushjobs.simulator.job.Agenda;
import org.pushjobs.simulator.report.Tally.Count;
import org.pushjobs.simulator.script.Cast;
import org.pushjobs.simulator.script.Script;

/** What comes over the command port of an agent, and what it means for its jobs. Belongs to the thread of its loop. */
final class Orders {
    private final FleetLoop loop;
    private final Agenda agenda;
    private final Script part;
    private AgentConfig config;
    private ServerMessageReader reader;

    /** @param part what the agent does about jobs whose command is no script */
    Orders(FleetLoop loop, Agenda agenda, Script part) {
        this.loop = loop;
        this.agenda = agenda;
        this.part = part;
    }

    /** From now on messages are read as this configuration says; to be called before the first one comes. */
    void expect(AgentConfig newConfig) {
        config = newConfig;
        reader = newConfig.reader(loop.clock());
    }

    /** Empty for a message that is not to be trusted, which is counted. */
    Optional<ServerMessage> read(byte[] header, byte[] body) {
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
                Script script = Cast.of(commit.spec().command(), part);
                agenda.commit(commit.jobId(), script, sendsOutput(commit, script));
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
            case ServerMessage.AckResult(var jobId) -> {
                if (config.isExtended()) {
                    agenda.acknowledged(jobId);
                } else {
                    loop.tally().error("command port: an acknowledged result of an agent that speaks protocol 2.0");
                }
            }
            case ServerMessage.AckOutput _ -> loop.tally().error("command port: acknowledged output that nobody sent");
        }
    }

    /** In protocol 2.1 output does not come with the result, and simulated agents do not send it while it grows. */
    private boolean sendsOutput(ServerMessage.Commit commit, Script script) {
        if (!commit.spec().capture() || !config.isExtended()) {
            return commit.spec().capture();
        }
        if (script.outputBytes() > 0) {
            loop.tally().error("a job wants output, which agents that speak protocol 2.1 do not send");
        }
        return false;
    }
}
