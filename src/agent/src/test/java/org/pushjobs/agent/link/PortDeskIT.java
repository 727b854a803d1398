package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.signing.SessionKey;
import org.slf4j.LoggerFactory;

/** Ports whose host is unknown for long: real look-ups on threads, on a clock that leaps over the pauses. */
class PortDeskIT {
    private static final KeyPair KEYS = PemKeys.generate();
    private static final long HOUR = 3_600_000;
    private static final long INTERVAL = 10_000;

    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger lookups = new AtomicInteger();
    private final AtomicInteger moves = new AtomicInteger();
    private final Mailbox mailbox = new Mailbox();
    private final ServerPorts ports = new ServerPorts(CurveKeys.generate(), mailbox, clock::get);
    private final PortDesk desk = new PortDesk(
            ports, new PortProbe(this::lookUp), mailbox, clock::get, new SplittableRandom(1), moves::incrementAndGet);
    private final Logger logger = (Logger) LoggerFactory.getLogger(ConnectionWatch.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private volatile Optional<String> address = Optional.empty();

    @BeforeEach
    void watchTheLog() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        ports.close();
        mailbox.close();
    }

    private List<InetAddress> lookUp(String host) throws UnknownHostException {
        lookups.incrementAndGet();
        return List.of(InetAddress.getByName(address.orElseThrow(() -> new UnknownHostException(host))));
    }

    private static ServerSession session() {
        SessionKey key = new SessionKey(new byte[SessionKey.LENGTH_BYTES]);
        RSAPublicKey serverKey = (RSAPublicKey) KEYS.getPublic();
        ConfigDocument document = new ConfigDocument(
                "push.example.com",
                "tcp://push.example.com:1",
                "tcp://push.example.com:2",
                INTERVAL / 1_000.0,
                3,
                2,
                "web-1",
                "acme",
                PemKeys.toPem(serverKey),
                Optional.empty(),
                SessionKeys.wrap(key, serverKey),
                3600,
                300,
                65_536,
                "incarnation");
        return new ServerSession(document, key, serverKey, Optional.empty());
    }

    /** To the next time at which the desk wants to be asked, and past all it does then. */
    private void step() {
        long due = desk.nextCheckMillis();
        assertThat(due - clock.get()).isLessThanOrEqualTo(INTERVAL);
        clock.set(Math.max(due, clock.get()));
        desk.look();
        Until.isTrue("look-ups have ended", () -> {
            mailbox.runAll();
            return lookupThreads() == 0;
        });
        mailbox.runAll();
        desk.look();
    }

    private static long lookupThreads() {
        Thread[] threads = new Thread[1_000];
        Thread.currentThread().getThreadGroup().enumerate(threads);
        return Arrays.stream(threads)
                .filter(Objects::nonNull)
                .filter(thread -> thread.getName().startsWith("port-"))
                .count();
    }

    private static long usedHeapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void hourWithoutANameServiceIsOverWithinAnIntervalAndCostsNothing() {
        // given
        desk.open(session(), 0);
        step();
        long heap = usedHeapBytes();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();

        // when: nothing is known for an hour
        while (clock.get() < HOUR) {
            step();
        }

        // then
        assertThat(desk.problem()).contains("cannot connect to tcp://push.example.com:1: unknown host");
        assertThat(log.list.stream().map(ILoggingEvent::getFormattedMessage))
                .hasSizeBetween(60, 130)
                .allMatch(line -> line.contains(": unknown host ["));
        assertThat(lookups.get()).isLessThan(4 * (int) (HOUR / 5_000));
        assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThanOrEqualTo(threads + 3);
        assertThat(usedHeapBytes() - heap).isLessThan(4_000_000);

        // and when: the name service is back
        address = Optional.of("127.0.0.1");
        long back = clock.get();
        while (!ports.areOpen()) {
            step();
        }

        // then
        assertThat(clock.get() - back).isLessThanOrEqualTo(INTERVAL);
    }

    @Test
    void addressThatHasChangedIsNoticedWhileThePortCannotBeReached() {
        address = Optional.of("127.0.0.1");
        desk.open(session(), 0);
        while (!ports.areOpen()) {
            step();
        }

        address = Optional.of("127.0.0.2");
        long changed = clock.get();
        while (moves.get() == 0) {
            step();
        }

        assertThat(clock.get() - changed).isLessThanOrEqualTo(2 * INTERVAL);
    }

    @Test
    void lostNameServiceDoesNotCloseSocketsThatAreOpen() {
        address = Optional.of("127.0.0.1");
        desk.open(session(), 0);
        while (!ports.areOpen()) {
            step();
        }
        address = Optional.empty();
        long lost = clock.get();
        while (clock.get() - lost < HOUR) {
            step();
        }

        assertThat(ports.areOpen()).isTrue();

        desk.open(session(), 0);

        assertThat(ports.areOpen()).as("opened anew without a look-up").isTrue();
    }
}
