package org.pushjobs.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.fake.FakeServer;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.agent.link.AgentStatus.Connection;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.AgentMessage.AckCommit;
import org.pushjobs.protocol.message.AgentMessage.AckRun;
import org.pushjobs.protocol.message.AgentMessage.Heartbeat;
import org.pushjobs.protocol.message.AgentMessage.Succeeded;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.ServerMessage;

/** Outages of a server in which nothing changes, shorter and longer than those that the heartbeats notice. */
class OutageIT {
    private static final Duration SETTLING = Duration.ofSeconds(5);
    private static final KeyPair CLIENT_KEYS = PemKeys.generate();

    private record Outage(int seconds, double intervalSeconds) {}

    @TempDir
    private Path directory;

    @Test
    void jobsGoOnThroughOutagesAndNoAgentFetchesItsConfigurationTwice() throws Exception {
        List<Outage> outages = List.of(new Outage(2, 1), new Outage(6, 1), new Outage(12, 1), new Outage(15, 3));
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<Future<?>> running = Stream.concat(
                            outages.stream().map(outage -> threads.submit(() -> idle(outage))),
                            outages.stream().map(outage -> threads.submit(() -> withJob(outage))))
                    .<Future<?>>map(future -> future)
                    .toList();
            for (Future<?> outage : running) {
                outage.get();
            }
        }
    }

    private Void idle(Outage outage) throws Exception {
        try (FakeServer server = server(outage);
                Agent _ = agent(server, Map.of())) {
            lose(server, outage);

            server.await(Heartbeat.class);
            assertThat(server.fetches()).as(outage.toString()).isEqualTo(1);
        }
        return null;
    }

    private Void withJob(Outage outage) throws Exception {
        Path gate = directory.resolve(outage.toString());
        try (FakeServer server = server(outage);
                Agent _ = agent(
                        server, Map.of("gate", "while [ ! -e '" + gate + "' ]; do sleep 0.1; done; echo through"))) {
            server.send(new ServerMessage.Commit(
                    "1",
                    "fake",
                    new JobSpec("gate", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true)));
            server.await(AckCommit.class);
            server.send(new ServerMessage.Run("1"));
            server.await(AckRun.class);

            lose(server, outage);
            server.await(Heartbeat.class);
            Files.createFile(gate);

            assertThat(server.await(Succeeded.class).output().orElseThrow().stdout())
                    .isEqualTo("through\n");
            assertThat(server.fetches()).as(outage.toString()).isEqualTo(1);
        }
        return null;
    }

    private static FakeServer server(Outage outage) {
        FakeServer server = new FakeServer((RSAPublicKey) CLIENT_KEYS.getPublic()).settle(SETTLING);
        server.interval(outage.intervalSeconds());
        return server.start();
    }

    private Agent agent(FakeServer server, Map<String, String> whitelist) throws Exception {
        Agent agent = new Agent(
                AgentSettings.of(ServerUrl.parse(server.url()), FakeServer.NODE, (RSAPrivateKey)
                                CLIENT_KEYS.getPrivate())
                        .withFileDir(directory.resolve("files-" + server.url().replaceAll("\\D", "")))
                        .withWhitelist(whitelist),
                Clock.systemUTC());
        agent.start();
        Until.isTrue("agent is online", () -> agent.status().connection() == Connection.ONLINE);
        return agent;
    }

    private static void lose(FakeServer server, Outage outage) {
        server.stop();
        server.received().clear();
        LockSupport.parkNanos(Duration.ofSeconds(outage.seconds()).toNanos());
        server.start();
    }
}
