package org.pushjobs.server.testing;

import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;

/**
 * An agent with a thread of its own that plays a part in one job, right or wrong: steps for its commit and for its run.
 * Meanwhile it sends heartbeats that fit, and answers aborts.
 */
public final class ScriptedAgent implements AutoCloseable {
    private static final long HEARTBEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final RawAgent agent;
    private final List<Step> onCommit;
    private final List<Step> onRun;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Thread thread;
    private Optional<String> job = Optional.empty();
    private JobState state = JobState.IDLE;
    private boolean spoken;
    private boolean silent;
    private volatile boolean stopped;

    /** What it does next. */
    public sealed interface Step {
        /** Sends a message about the job. */
        enum Send implements Step {
            ACK_COMMIT,
            NACK_COMMIT,
            ACK_RUN,
            NACK_RUN,
            SUCCEEDED,
            FAILED,
            ABORTED
        }

        /** Waits for something. */
        record Until(BooleanSupplier condition) implements Step {}

        /** Vanishes. */
        record FallSilent() implements Step {}
    }

    private ScriptedAgent(RawAgent agent, List<Step> onCommit, List<Step> onRun) {
        this.agent = agent;
        this.onCommit = List.copyOf(onCommit);
        this.onRun = List.copyOf(onRun);
        this.thread = Thread.ofPlatform().name("scripted agent").daemon().unstarted(this::play);
    }

    /** Returns when the node is on its way to be available. */
    public static ScriptedAgent start(
            ApiClient api, String node, RSAPrivateKey key, List<Step> onCommit, List<Step> onRun) throws Exception {
        RawAgent agent = RawAgent.connect(api, node, key);
        agent.becomeAvailable();
        ScriptedAgent scripted = new ScriptedAgent(agent, onCommit, onRun);
        scripted.thread.start();
        return scripted;
    }

    private void play() {
        try {
            long nextHeartbeat = System.nanoTime();
            while (!stopped) {
                Optional<ServerMessage> message = agent.receive(PAUSE);
                if (!silent) {
                    message.ifPresent(this::received);
                    takeSteps();
                    if (System.nanoTime() >= nextHeartbeat) {
                        agent.heartbeat(state, state == JobState.IDLE ? Optional.empty() : job);
                        nextHeartbeat = System.nanoTime() + HEARTBEAT_NANOS;
                    }
                }
            }
        } catch (RejectedMessageException e) {
            throw new AssertionError("the server sent what an agent refuses", e);
        } finally {
            agent.close();
        }
    }

    private void received(ServerMessage message) {
        switch (message) {
            case ServerMessage.Commit commit -> {
                job = Optional.of(commit.jobId());
                spoken = false;
                steps.addAll(onCommit);
            }
            case ServerMessage.Run _ -> steps.addAll(onRun);
            case ServerMessage.Abort _ -> {
                agent.send(new AgentMessage.Aborted(agent.envelope(job)));
                state = JobState.IDLE;
            }
            case ServerMessage.Ack _, ServerMessage.AckResult _, ServerMessage.AckOutput _ -> {
                // nothing to do
            }
        }
    }

    private void takeSteps() {
        while (!steps.isEmpty() && isPossible(steps.peek())) {
            switch (steps.remove()) {
                case Step.Send send -> send(send);
                case Step.Until _ -> {
                    // it is so
                }
                case Step.FallSilent _ -> {
                    silent = true;
                    agent.disconnect();
                }
            }
        }
    }

    private static boolean isPossible(Step step) {
        return !(step instanceof Step.Until(BooleanSupplier condition)) || condition.getAsBoolean();
    }

    private void send(Step.Send what) {
        AgentEnvelope envelope = agent.envelope(job);
        switch (what) {
            case ACK_COMMIT -> send(new AgentMessage.AckCommit(envelope), spoken ? state : JobState.COMMITTED);
            case NACK_COMMIT -> send(new AgentMessage.NackCommit(envelope), JobState.IDLE);
            case ACK_RUN -> send(new AgentMessage.AckRun(envelope), state == JobState.IDLE ? state : JobState.RUNNING);
            case NACK_RUN -> send(new AgentMessage.NackRun(envelope), JobState.IDLE);
            case SUCCEEDED -> send(new AgentMessage.Succeeded(envelope, Optional.empty()), JobState.IDLE);
            case FAILED -> send(new AgentMessage.Failed(envelope, Optional.empty()), JobState.IDLE);
            case ABORTED -> send(new AgentMessage.Aborted(envelope), JobState.IDLE);
        }
    }

    /** @param next what the heartbeats say then; messages out of line do not change it */
    private void send(AgentMessage message, JobState next) {
        agent.send(message);
        spoken = true;
        state = next;
    }

    @Override
    public void close() {
        stopped = true;
        Await.until("the end of the agent", () -> !thread.isAlive());
    }
}
