package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.fake.FakeServer;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.agent.link.AgentStatus.Connection;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.LiveSettings;
import org.pushjobs.chefhttp.HostLookup;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.AgentMessage.Heartbeat;

class AgentLoopIT {
    private static final KeyPair CLIENT_KEYS = PemKeys.generate();

    @TempDir
    private Path directory;

    /** Throws at the first occasions it has with a server. */
    private static final class Faulty {
        private final AtomicInteger errors = new AtomicInteger();
        private volatile AgentStatus last = AgentStatus.INITIAL;

        private void take(AgentStatus status) {
            last = status;
            if (status.connection() != Connection.ONLINE || errors.get() == 3) {
                return;
            }
            if (errors.incrementAndGet() == 2) {
                throw new AssertionError("no exception, an error");
            }
            throw new IllegalStateException("unforeseen");
        }
    }

    @Test
    void unforeseenErrorsDoNotEndTheAgent() throws Exception {
        try (FakeServer server = new FakeServer((RSAPublicKey) CLIENT_KEYS.getPublic()).start()) {
            AgentSettings settings = AgentSettings.of(
                            ServerUrl.parse(server.url()), FakeServer.NODE, (RSAPrivateKey) CLIENT_KEYS.getPrivate())
                    .withFileDir(directory.resolve("files"))
                    .withWhitelist(Map.of());
            Faulty faulty = new Faulty();
            AgentLoop loop = new AgentLoop(
                    new LiveSettings(settings),
                    Clock.systemUTC(),
                    HostLookup.OF_THIS_MACHINE,
                    new SplittableRandom(1),
                    faulty::take);
            Thread thread = Thread.ofPlatform().start(loop);

            Until.isTrue("all errors happened", () -> faulty.errors.get() == 3);
            server.received().clear();
            server.await(Heartbeat.class);
            Until.isTrue("agent is online", () -> faulty.last.connection() == Connection.ONLINE);

            assertThat(thread.isAlive()).isTrue();
            loop.stop();
            thread.join();
            assertThat(faulty.last.connection()).isEqualTo(Connection.STOPPED);
        }
    }
}
