package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.LiveSettings;
import org.pushjobs.chefhttp.HostLookup;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.JobState;
import org.slf4j.LoggerFactory;

/** A server that is away for very long: real attempts to reach it, on a clock that leaps over the pauses. */
class ServerAwayIT {
    private static final int ATTEMPTS = 3_000;

    private final AtomicLong clock = new AtomicLong();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ConfigDesk.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void watchTheLog() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void leaveTheLog() {
        logger.detachAppender(log);
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static long usedHeapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Somebody who does not listen, and a name that the resolver itself knows to be none: its parts are too long. */
    enum Cause {
        REFUSED {
            @Override
            String server() throws Exception {
                return "127.0.0.1:" + closedPort();
            }
        },
        UNKNOWN {
            @Override
            String server() {
                return "x".repeat(64) + ".example.com";
            }
        };

        abstract String server() throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void thousandsOfFailedAttemptsLeaveNoThreadsNoMemoryAndFewLines(Cause cause) throws Exception {
        // given
        AgentSettings settings = AgentSettings.of(
                ServerUrl.parse("http://" + cause.server() + "/organizations/acme"), "web-1", (RSAPrivateKey)
                        PemKeys.generate().getPrivate());
        try (Mailbox mailbox = new Mailbox()) {
            ConfigDesk desk = new ConfigDesk(
                    new ConfigFetcher(
                            new LiveSettings(settings),
                            CurveKeys.generate(),
                            Clock.systemUTC(),
                            HostLookup.OF_THIS_MACHINE),
                    new PortProbe(HostLookup.OF_THIS_MACHINE),
                    mailbox,
                    clock::get,
                    new SplittableRandom(1),
                    (_, _) -> {});
            attempt(desk, mailbox, 200);
            long heap = usedHeapBytes();
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            long start = clock.get();
            int linesBefore = log.list.size();

            // when
            attempt(desk, mailbox, ATTEMPTS);

            // then: many hours have passed, with one line a minute at most
            long minutes = (clock.get() - start) / 60_000;
            assertThat(minutes).isGreaterThan(5 * 60);
            assertThat(log.list.size() - linesBefore).isLessThanOrEqualTo((int) minutes + 1);
            Until.isTrue(
                    "threads are as few as before",
                    () -> ManagementFactory.getThreadMXBean().getThreadCount() <= threads + 3);
            assertThat(usedHeapBytes() - heap - logged()).isLessThan(4_000_000);
        }
    }

    /** What the test's own copy of the log may take. */
    private long logged() {
        return log.list.size() * 1_000L;
    }

    private void attempt(ConfigDesk desk, Mailbox mailbox, int attempts) throws Exception {
        for (int i = 0; i < attempts; i++) {
            long due = desk.nextCheckMillis();
            // two intervals after the server is back it has been asked, even when an attempt has just begun
            assertThat(due - clock.get()).isBetween(0L, 10_000L);
            clock.set(due);
            desk.startIfDue(JobState.IDLE);
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (desk.nextCheckMillis() == Long.MAX_VALUE) {
                mailbox.runAll();
                Thread.onSpinWait();
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        }
    }
}
