package org.pushjobs.server.nodes;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.gateway.Route;

/** An agent of a {@link TestGateway}: says what the test wants. */
final class TestAgent {
    private final TestGateway gateway;
    private final NodeRef ref;
    private String incarnation = "1";
    private String version = AgentEnvelope.PROTOCOL_VERSION;
    private OptionalInt maxCommitBytes = OptionalInt.empty();
    private Route route;

    TestAgent(TestGateway gateway, NodeRef ref) {
        this.gateway = gateway;
        this.ref = ref;
    }

    NodeRef ref() {
        return ref;
    }

    Route route() {
        return route;
    }

    Order.Addressee in(long session) {
        return new Order.Addressee(ref, session);
    }

    // ---- its process and its connection

    TestAgent extended() {
        version = AgentEnvelope.EXTENDED_PROTOCOL_VERSION;
        return this;
    }

    void restart() {
        incarnation = Integer.toString(Integer.parseInt(incarnation) + 1);
    }

    void takesCommitsOf(int bytes) {
        maxCommitBytes = OptionalInt.of(bytes);
    }

    /** Another connection, over which it has not spoken. */
    void connect() {
        route = gateway.connect(ref);
        gateway.sessions().connected(ref, route);
    }

    /** The same, but what it says is heard before it is heard that there is a connection. */
    void connectUnheard() {
        route = gateway.connect(ref);
    }

    void disconnect() {
        gateway.disconnect(ref, route);
    }

    // ---- what it says

    void idle() {
        heartbeat(JobState.IDLE, Optional.empty());
    }

    void committed(String job) {
        heartbeat(JobState.COMMITTED, Optional.of(job));
    }

    void running(String job) {
        heartbeat(JobState.RUNNING, Optional.of(job));
    }

    private void heartbeat(JobState state, Optional<String> job) {
        say(heartbeatOf(state, job));
    }

    private AgentMessage heartbeatOf(JobState state, Optional<String> job) {
        return new AgentMessage.Heartbeat(envelope(job), state, maxCommitBytes);
    }

    void aborted() {
        say(new AgentMessage.Aborted(envelope(Optional.empty())));
    }

    void goodbye() {
        say(new AgentMessage.Goodbye(envelope(Optional.empty())));
    }

    AgentMessage say(String job, Function<AgentEnvelope, AgentMessage> message) {
        AgentMessage made = message.apply(envelope(Optional.of(job)));
        say(made);
        return made;
    }

    private void say(AgentMessage message) {
        gateway.sessions().received(ref, route, message);
    }

    /** A heartbeat of a wrong time. */
    void runningAtAWrongTime(String job) {
        gateway.sessions().alive(ref, route, heartbeatOf(JobState.RUNNING, Optional.of(job)));
    }

    private AgentEnvelope envelope(Optional<String> job) {
        return new AgentEnvelope(ref.node(), "host", "acme", 1, Instant.EPOCH, incarnation, job, version);
    }
}
