package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.agent.fake.Until;

class ReachabilityTest {
    private static final long INTERVAL = 1_000;

    private final Mailbox mailbox = new Mailbox();
    private final PortConnection heartbeats = new PortConnection("tcp://server:1", 0);
    private final PortConnection commands = new PortConnection("tcp://server:2", 0);
    private final ServerPresence presence = new ServerPresence(INTERVAL, 3, 2, 0);
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile Optional<String> answer = Optional.of("cannot connect");
    private final Reachability reachability = new Reachability(watch(heartbeats), watch(commands), INTERVAL);

    private ConnectionWatch watch(PortConnection connection) {
        return new ConnectionWatch(connection, this::probe, mailbox, ConnectionWatch.warnings(), 0);
    }

    private Optional<String> probe(String address) {
        attempts.incrementAndGet();
        return answer.map(text -> text + " to " + address);
    }

    @AfterEach
    void close() {
        mailbox.close();
    }

    @Test
    void serverMayHaveMovedWhenNobodyListensForAnInterval() {
        assertThat(reachability.isServerUnheard(presence, 999)).isFalse();
        assertThat(reachability.isServerUnheard(presence, 1_000)).isTrue();
        assertThat(reachability.unreachableHeartbeats()).contains("tcp://server:1");

        heartbeats.connected(5_000);

        assertThat(reachability.isServerUnheard(presence, 6_000)).isFalse();
        assertThat(reachability.unreachableHeartbeats()).isEmpty();
    }

    @Test
    void portThatTakesConnectionsIsBelievedForThirtySeconds() {
        heartbeats.connected(0);
        presence.wentAway(3_001);

        assertThat(reachability.isServerUnheard(presence, 29_999)).isFalse();
        assertThat(reachability.isServerUnheard(presence, 30_000)).isTrue();
    }

    @Test
    void commandPortIsGoneWhenOnlyTheServersHeartbeatsArrive() {
        heartbeats.connected(0);

        assertThat(reachability.isCommandPortGone(presence, 0, 9_999)).isFalse();
        assertThat(reachability.isCommandPortGone(presence, 0, 10_000)).isTrue();
        assertThat(reachability.isCommandPortGone(presence, 1, 19_999)).isFalse();
        presence.wentAway(10_001);
        assertThat(reachability.isCommandPortGone(presence, 0, 20_000)).isFalse();
    }

    @Test
    void causeIsAskedForNowAndThenWhileThereIsNoConnection() {
        commands.connected(0);
        reachability.look(999);
        assertThat(reachability.nextCheckMillis()).isEqualTo(1_000);
        assertThat(attempts).hasValue(0);

        reachability.look(1_000);
        awaitProblem("cannot connect to tcp://server:1");
        assertThat(reachability.nextCheckMillis()).isEqualTo(11_000);
        reachability.look(10_999);
        assertThat(attempts).hasValue(1);

        heartbeats.connected(10_999);
        reachability.look(11_000);
        assertThat(reachability.problem()).isEmpty();
        assertThat(attempts).hasValue(1);
    }

    private void awaitProblem(String problem) {
        Until.isTrue("problem is " + problem, () -> {
            mailbox.runAll();
            return reachability.problem().equals(Optional.of(problem));
        });
    }
}
