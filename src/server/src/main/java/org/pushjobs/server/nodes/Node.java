package org.pushjobs.server.nodes;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.server.facts.Capabilities;
import org.pushjobs.server.gateway.Recipient;
import org.pushjobs.server.gateway.Route;

/**
 * A node that has a session, and the last that was heard of its agent. Times are in milliseconds of the monotonic clock. Belongs
 * to the event loop of {@link NodeSessions}.
 */
final class Node {
    private final NodeRef ref;
    private final String orgName;
    private final NodeSession session;
    private final String incarnationId;
    private final String client;
    private final String protocolVersion;
    /** By messages of the right time. */
    private HeartbeatHealth health;
    /** By all signs of life, also by messages of a wrong time. */
    private HeartbeatHealth life;

    private long number;
    private long renumberedMillis;
    private Instant changedAt;
    private long lastSeenMillis;
    private long lastBeatMillis;
    private long lastSignMillis;
    private Optional<String> jobId = Optional.empty();
    private Optional<Route> nextRoute = Optional.empty();
    private boolean ofWrongTime;
    private boolean notUnderstood;
    private int maxCommitBytes;

    Node(
            NodeRef ref,
            NodeSession session,
            AgentEnvelope first,
            HeartbeatHealth health,
            HeartbeatHealth life,
            Instant now,
            long nowMillis) {
        this.ref = Objects.requireNonNull(ref, "ref");
        this.orgName = first.org();
        this.session = Objects.requireNonNull(session, "session");
        this.incarnationId = first.incarnationId();
        this.client = AgentContact.client(first);
        this.protocolVersion = AgentContact.protocolVersion(first);
        this.health = Objects.requireNonNull(health, "health");
        this.life = Objects.requireNonNull(life, "life");
        this.changedAt = Objects.requireNonNull(now, "now");
        this.lastSeenMillis = nowMillis;
        this.lastBeatMillis = nowMillis;
        this.lastSignMillis = nowMillis;
    }

    NodeRef ref() {
        return ref;
    }

    /** The name of its organisation, for logs. */
    String orgName() {
        return orgName;
    }

    NodeSession session() {
        return session;
    }

    Recipient recipient() {
        return new Recipient(ref, session.route());
    }

    // ---- for the term

    /** The session's, which rises in the life of the gateway. */
    long number() {
        return number;
    }

    /** The node shows that it is there, and what was said to it, or by it, may be lost. */
    void renumber(long newNumber, long nowMillis) {
        number = newNumber;
        renumberedMillis = nowMillis;
    }

    String incarnationId() {
        return incarnationId;
    }

    Capabilities capabilities() {
        return new Capabilities(isExtended(), maxCommitBytes);
    }

    /** Whether its agent understands protocol 2.1. */
    boolean isExtended() {
        return protocolVersion.equals(AgentEnvelope.EXTENDED_PROTOCOL_VERSION);
    }

    /** When its availability last changed. */
    Instant changedAt() {
        return changedAt;
    }

    void changed(Instant now) {
        changedAt = now;
    }

    // ---- what is heard of it

    /** A message of the right time. */
    void heard(long nowMillis) {
        lastSeenMillis = nowMillis;
    }

    /**
     * A heartbeat of the right time.
     *
     * @return whether its agent takes commits of another size than before
     */
    boolean beat(AgentMessage.Heartbeat heartbeat, long listenedMillis, long nowMillis) {
        health.beat(listenedMillis);
        lastBeatMillis = nowMillis;
        jobId = heartbeat.jobId();
        beatOfAnyTime(listenedMillis, nowMillis);
        int before = maxCommitBytes;
        maxCommitBytes = heartbeat.maxCommitBytes().orElse(0);
        return maxCommitBytes != before;
    }

    void beatOfAnyTime(long listenedMillis, long nowMillis) {
        life.beat(listenedMillis);
        lastSignMillis = nowMillis;
    }

    long lastSeenMillis() {
        return lastSeenMillis;
    }

    /** The last heartbeat of whatever time. */
    long lastSignMillis() {
        return lastSignMillis;
    }

    /** When it last sent something or made a connection. */
    long lastHeardMillis() {
        return Math.max(renumberedMillis, Math.max(lastSeenMillis, lastSignMillis));
    }

    /** The job that its last heartbeat named. */
    Optional<String> jobId() {
        return jobId;
    }

    String client() {
        return client;
    }

    /** The last that was heard of its agent. */
    AgentContact contact(Instant now, long nowMillis) {
        return new AgentContact(
                now.minusMillis(nowMillis - lastSeenMillis),
                now.minusMillis(nowMillis - lastBeatMillis),
                session.route().address(),
                client,
                protocolVersion);
    }

    // ---- health

    HeartbeatHealth health() {
        return health;
    }

    HeartbeatHealth life() {
        return life;
    }

    void judgeBy(HeartbeatHealth.Rules rules, long listenedMillis) {
        health.judgeBy(rules, listenedMillis);
        life.judgeBy(rules, listenedMillis);
    }

    /** Nothing but signs of life is taken of it, because the time of its messages is wrong. */
    boolean isOfWrongTime() {
        return ofWrongTime;
    }

    void timeIsWrong() {
        ofWrongTime = true;
    }

    /** What came before does not count any more. */
    void judgeAnew(HeartbeatHealth newHealth, HeartbeatHealth newLife) {
        health = newHealth;
        life = newLife;
    }

    /** @param newHealth what came while its time was wrong says nothing against it */
    void timeIsRight(HeartbeatHealth newHealth) {
        ofWrongTime = false;
        health = newHealth;
    }

    /** Whether its last message was of a wrong time: neither was that taken, nor may it have taken what it was sent. */
    boolean isNotUnderstood() {
        return notUnderstood;
    }

    void wasNotUnderstood() {
        notUnderstood = true;
    }

    void isUnderstood() {
        notUnderstood = false;
    }

    // ---- its newer connection

    /** A newer connection over which it has not spoken yet. */
    Optional<Route> nextRoute() {
        return nextRoute;
    }

    void nextRoute(Optional<Route> route) {
        nextRoute = route;
    }
}
