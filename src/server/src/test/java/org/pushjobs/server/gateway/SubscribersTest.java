package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pushjobs.zmtp.ZmtpConnection;
import org.pushjobs.zmtp.wire.CloseReason;

class SubscribersTest {
    private final Subscribers subscribers = new Subscribers();
    private final List<Listener> all = new ArrayList<>();

    /** An agent's connection to the heartbeat port. */
    private static final class Listener extends QuietConnection<Void> {
        private final List<String> heard = new ArrayList<>();

        private Listener() {
            super(null);
        }

        @Override
        public boolean send(byte[]... frames) {
            return heard.add(new String(frames[1], StandardCharsets.UTF_8));
        }
    }

    private static byte[][] heartbeat(String text) {
        return new byte[][] {"header".getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8)};
    }

    private void publish(Predicate<ZmtpConnection<Void>> whom, byte[]... frames) {
        all.stream().filter(whom).forEach(listener -> listener.send(frames));
    }

    private void interval() {
        all.forEach(listener -> listener.heard.clear());
        subscribers.publish(heartbeat("as ever"), this::publish);
        subscribers.publishToAsked(heartbeat("strange"), this::publish);
    }

    private void subscribe(int count) {
        IntStream.range(0, count).forEach(_ -> {
            Listener listener = new Listener();
            all.add(listener);
            subscribers.subscribed(listener);
        });
    }

    private void close(Listener listener) {
        all.remove(listener);
        subscribers.closed(listener, CloseReason.CLOSED_BY_PEER);
    }

    private Stream<Listener> thatHeard(String... heartbeats) {
        return all.stream().filter(listener -> listener.heard.equals(List.of(heartbeats)));
    }

    @Test
    void whoSubscribesHearsTheLastHeartbeatAtOnce() {
        subscribe(1);
        assertThat(thatHeard()).hasSize(1);
        interval();

        subscribe(1);

        assertThat(all.getLast().heard).containsExactly("as ever");
    }

    @Test
    void whoIsAskedHearsOnlyOtherHeartbeatsFromThenOn() {
        subscribe(5);
        interval();
        all.forEach(listener -> listener.heard.clear());

        subscribers.ask(2, heartbeat("strange"));

        assertThat(thatHeard("strange")).hasSize(2);
        assertThat(thatHeard()).hasSize(3);
        assertThat(subscribers.asked()).isEqualTo(2);
        assertThat(subscribers.unasked()).isEqualTo(3);
        interval();
        assertThat(thatHeard("strange")).hasSize(2);
        assertThat(thatHeard("as ever")).hasSize(3);
    }

    @Test
    void othersAreAskedNextAndNotMoreThanThereAre() {
        subscribe(5);
        subscribers.ask(2, heartbeat("strange"));

        subscribers.ask(2, heartbeat("strange"));

        assertThat(subscribers.asked()).isEqualTo(4);
        assertThat(thatHeard("strange")).hasSize(4);
        subscribers.ask(17, heartbeat("strange"));
        assertThat(subscribers.asked()).isEqualTo(5);
        assertThat(thatHeard("strange")).hasSize(5);
    }

    @Test
    void whoHasGoneIsAskedNoMoreAndHearsAsEverWhenItComesBack() {
        subscribe(3);
        interval();
        subscribers.ask(3, heartbeat("strange"));

        close(all.getFirst());

        assertThat(subscribers.asked()).isEqualTo(2);
        subscribe(1);
        assertThat(all.getLast().heard).containsExactly("as ever");
        interval();
        assertThat(thatHeard("as ever")).hasSize(1);
    }

    @Test
    void whatIsTakenBackWasAskedOfNobody() {
        subscribe(3);
        subscribers.ask(2, heartbeat("strange"));

        subscribers.takeBack();

        assertThat(subscribers.asked()).isZero();
        assertThat(subscribers.unasked()).isEqualTo(3);
        interval();
        assertThat(thatHeard("as ever")).hasSize(3);
        subscribers.ask(3, heartbeat("strange"));
        assertThat(subscribers.asked()).isEqualTo(3);
    }
}
