package org.pushjobs.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pushjobs.zmtp.testing.LibzmqPeer;
import org.pushjobs.zmtp.testing.Peer;
import org.pushjobs.zmtp.wire.CloseReason;
import org.zeromq.SocketType;

/** libzmq is the other side, as it is in the agents that are out there. */
class LibzmqIT extends InteroperabilityContract {
    @BeforeAll
    static void requireLibzmq() throws Exception {
        LibzmqPeer.require();
    }

    @Override
    Peer peer(SocketType type) throws Exception {
        return new LibzmqPeer(type);
    }

    @Test
    void identityOf255BytesArrives() throws Exception {
        // given
        Recorder<String> heard = Recorder.echo();
        int port = bench.router(bench.curveServer(), heard).actualPort();
        byte[] identity = new byte[255];
        Arrays.fill(identity, (byte) 'x');
        try (Peer dealer = peer(SocketType.DEALER)) {
            // when
            dealer.identity(identity);
            dealer.connect(port, Optional.of(curveKeys()));
            dealer.send(bytes("hello"));

            // then
            assertThat(heard.nextOpened().peerIdentity()).isEqualTo(identity);
            assertThat(dealer.receive(PATIENCE).orElseThrow()).containsExactly(bytes("hello"));
        }
    }

    @Test
    void refusedPeerLearnsTheStatusAndDoesNotComeBack() throws Exception {
        // given
        Counter counter = new Counter();
        int port = bench.listen(
                        bench.options(org.pushjobs.zmtp.wire.SocketType.ROUTER, bench.curveServer()),
                        (_, _) -> Future.succeededFuture(new Verdict.Refused<String>()),
                        Recorder.silent(),
                        counter)
                .actualPort();
        try (LibzmqPeer dealer = new LibzmqPeer(SocketType.DEALER)) {
            // when
            dealer.connect(port, Optional.of(curveKeys()));

            // then: it would come back after 100 ms
            assertThat(dealer.event("HANDSHAKE_FAILED_AUTH", PATIENCE)).hasValue(400);
            assertThat(counter.nextRefused()).isEqualTo(CloseReason.REFUSED);
            assertThat(dealer.event("CONNECTED", MOMENT)).isEmpty();
            assertThat(counter.acceptedCount()).isOne();
        }
    }

    @Test
    void silentPeerIsAskedAndAnswers() throws Exception {
        // given
        Recorder<String> heard = Recorder.echo();
        int port = bench.listen(
                        bench.options(org.pushjobs.zmtp.wire.SocketType.ROUTER, bench.curveServer())
                                .withSilence(new Silence(1, 3)),
                        Authoriser.everyone("peer"),
                        heard,
                        ZmtpStatistics.NONE)
                .actualPort();
        try (LibzmqPeer dealer = new LibzmqPeer(SocketType.DEALER)) {
            dealer.connect(port, Optional.of(curveKeys()));
            ZmtpConnection<String> connection = heard.nextOpened();

            // when: it would be closed after 3 s
            assertThat(dealer.receive(Duration.ofSeconds(5))).isEmpty();

            // then
            assertThat(connection.isOpen()).isTrue();
        }
    }
}
