package org.pushjobs.server.nodes;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.server.gateway.Route;

/**
 * An agent that keeps to wire-protocol.md, with its connection. Like real ones it answers and sends heartbeats from
 * different threads, so that each may overtake the other: between a change of its state and the message about it anything
 * may happen. But it does everything it was asked before a heartbeat before it writes the next but one.
 */
final class SimulatedAgent {
    /** What the server sends. */
    enum Command {
        COMMIT,
        RUN,
        ABORT,
        ACK_RESULT
    }

    static final String JOB = "job";

    private final String name;
    private final boolean willing;
    private final String version;
    private final Deque<Command> inbox = new ArrayDeque<>();
    private final Deque<AgentMessage> outbox = new ArrayDeque<>();
    private JobState state = JobState.IDLE;
    private Optional<AgentMessage> answer = Optional.empty();
    private Optional<AgentMessage> heartbeat = Optional.empty();
    private boolean caughtUp = true;
    private int runs;
    private int kills;
    private boolean resultLost;
    private long connection = 1;
    /** A result that waits for its acknowledgement; protocol 2.1 only. */
    private Optional<AgentMessage> kept = Optional.empty();

    /**
     * @param willing whether it commits when asked
     * @param version of the protocol; an agent of 2.1 keeps its result until it is acknowledged
     */
    SimulatedAgent(String name, boolean willing, String version) {
        this.name = name;
        this.willing = willing;
        this.version = version;
    }

    boolean isExtended() {
        return version.equals(AgentEnvelope.EXTENDED_PROTOCOL_VERSION);
    }

    /** The connection that it uses now. */
    Route route() {
        return new Route(connection, "192.0.2.1");
    }

    /** Whether the server has not acknowledged its result yet. */
    boolean keepsResult() {
        return kept.isPresent();
    }

    String name() {
        return name;
    }

    boolean willing() {
        return willing;
    }

    JobState state() {
        return state;
    }

    /** How many times it started the command. */
    int runs() {
        return runs;
    }

    /** How many times the command was killed. */
    int kills() {
        return kills;
    }

    /** Whether the result of the command was lost on the way to the server. */
    boolean resultLost() {
        return resultLost;
    }

    void receive(Command command) {
        inbox.add(command);
        caughtUp = false;
    }

    Optional<AgentMessage> nextMessage() {
        return Optional.ofNullable(outbox.poll());
    }

    /** Sends the answer that is ready, or else obeys the next command. */
    void work() {
        if (answer.isPresent()) {
            outbox.add(answer.get());
            answer = Optional.empty();
        } else if (!inbox.isEmpty()) {
            answer = obey(inbox.remove());
        }
        caughtUp |= inbox.isEmpty() && answer.isEmpty();
    }

    /** Sends the heartbeat that is written, or else writes one. */
    void beat() {
        if (heartbeat.isPresent()) {
            outbox.add(heartbeat.get());
            heartbeat = Optional.empty();
        } else if (caughtUp) {
            heartbeat = Optional.of(new AgentMessage.Heartbeat(envelope(state != JobState.IDLE), state));
            caughtUp = inbox.isEmpty() && answer.isEmpty();
        }
    }

    /** The command ends, if it runs. */
    void finish() {
        if (state == JobState.RUNNING && answer.isEmpty()) {
            state = JobState.IDLE;
            Optional<Ending> ending = isExtended() ? Optional.of(Ending.ofExitCode(0)) : Optional.empty();
            answer = Optional.of(new AgentMessage.Succeeded(envelope(true), Optional.empty(), ending));
            kept = isExtended() ? answer : Optional.empty();
            caughtUp = false;
        }
    }

    /** The connection breaks: of what is under way the first messages to the server and the last to the agent are gone. */
    void loseSome(Random random) {
        connection++;
        for (int i = random.nextInt(outbox.size() + 1); i > 0; i--) {
            resultLost |= outbox.remove() instanceof AgentMessage.Succeeded && !isExtended();
        }
        for (int i = random.nextInt(inbox.size() + 1); i > 0; i--) {
            inbox.removeLast();
        }
        if (kept.isPresent() && !answer.equals(kept)) {
            outbox.removeIf(AgentMessage.Succeeded.class::isInstance);
            outbox.addFirst(kept.get());
        }
        caughtUp |= inbox.isEmpty() && answer.isEmpty();
    }

    /** What it says when it is told to drop what it does and does nothing. */
    AgentMessage aborted() {
        return new AgentMessage.Aborted(envelope(false));
    }

    private Optional<AgentMessage> obey(Command command) {
        AgentEnvelope aboutJob = envelope(true);
        return Optional.ofNullable(
                switch (command) {
                    case COMMIT -> {
                        if (state == JobState.IDLE && willing) {
                            state = JobState.COMMITTED;
                            yield new AgentMessage.AckCommit(aboutJob);
                        }
                        yield new AgentMessage.NackCommit(aboutJob);
                    }
                    case RUN -> {
                        if (state == JobState.COMMITTED) {
                            state = JobState.RUNNING;
                            runs++;
                            yield new AgentMessage.AckRun(aboutJob);
                        }
                        yield new AgentMessage.NackRun(aboutJob);
                    }
                    case ABORT -> {
                        AgentMessage aborted = new AgentMessage.Aborted(envelope(state != JobState.IDLE));
                        kills += state == JobState.RUNNING ? 1 : 0;
                        state = JobState.IDLE;
                        kept = Optional.empty();
                        yield aborted;
                    }
                    case ACK_RESULT -> {
                        kept = Optional.empty();
                        yield null;
                    }
                });
    }

    private AgentEnvelope envelope(boolean aboutJob) {
        return new AgentEnvelope(
                name,
                "host",
                "acme",
                1,
                Instant.EPOCH,
                "incarnation",
                aboutJob ? Optional.of(JOB) : Optional.empty(),
                version);
    }

    @Override
    public String toString() {
        return name + " " + version + " " + state + " [runs: " + runs + ", kills: " + kills + ", in: " + inbox
                + ", out: " + outbox + "]";
    }
}
