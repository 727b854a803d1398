package org.pushjobs.server.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.cluster.TestCluster;
import org.pushjobs.server.testing.Await;

/** A cluster whose members do not learn any more where consumers are. */
class BrokenClusterIT {
    private static final String ADDRESS = "numbers";

    private final TestCluster cluster = TestCluster.joined(2);
    private final Vertx vertx = cluster.vertx(0);
    private final Queue<Integer> arrived = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        cluster.close();
    }

    private MessageConsumer<Object> consumer(String address) {
        return WireCodecs.NUMBER.consumer(vertx, address, (message, number) -> {
            arrived.add(number);
            WireCodecs.NUMBER.reply(message, number + 1);
        });
    }

    private int ask(String address) {
        return Await.result(WireCodecs.NUMBER.request(vertx, address, 1, WireCodecs.NUMBER, 60_000));
    }

    @Test
    void whatStaysInTheProcessNeedsNoCluster() {
        consumer("before");
        cluster.killAll();
        MessageConsumer<Object> after = consumer("after");

        assertThat(ask("before")).isEqualTo(2);
        assertThat(ask("after")).isEqualTo(2);
        WireCodecs.NUMBER.send(vertx, "after", 5);
        WireCodecs.NUMBER.publish(vertx, "after", 6);
        Await.until("both arrive", () -> arrived.containsAll(List.of(5, 6)));
        Await.result(Registrations.settled("a test", Duration.ofMillis(100), List.of(after)));
    }

    @Test
    void consumerThatIsGoneIsNotTakenToBeHere() {
        MessageConsumer<Object> here = consumer(ADDRESS);
        assertThat(ask(ADDRESS)).isEqualTo(2);
        Await.result(here.unregister());
        WireCodecs.NUMBER.consumer(cluster.vertx(1), ADDRESS, (message, _) -> WireCodecs.NUMBER.reply(message, 7));

        assertThat(Await.value("the other process answers", Await.DEADLINE, () -> ask(ADDRESS), answer -> answer == 7))
                .isEqualTo(7);
    }

    @Test
    void whereNobodyIsARequestFailsAtOnce() {
        assertThat(Await.failure(WireCodecs.NUMBER.request(vertx, ADDRESS, 1, WireCodecs.NUMBER, 60_000)))
                .isInstanceOf(ReplyException.class)
                .hasMessageContaining("No handlers");
    }
}
