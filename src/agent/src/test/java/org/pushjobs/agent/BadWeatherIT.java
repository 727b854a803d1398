package org.pushjobs.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.fake.FakeServer;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.agent.link.AgentStatus.Connection;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.HostLookup;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.AgentMessage.AckCommit;
import org.pushjobs.protocol.message.AgentMessage.AckRun;
import org.pushjobs.protocol.message.AgentMessage.Heartbeat;
import org.pushjobs.protocol.message.AgentMessage.Succeeded;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.ServerMessage;

/** Names and addresses of the server that lead nowhere: the agent waits for better ones and never ends. */
class BadWeatherIT {
    private static final KeyPair CLIENT_KEYS = PemKeys.generate();
    private static final String NAME = "push.example.com";

    @TempDir
    private Path directory;

    private final FakeServer server = new FakeServer((RSAPublicKey) CLIENT_KEYS.getPublic());
    private volatile Map<String, List<String>> names = Map.of();
    private volatile Optional<Agent> agent = Optional.empty();

    @AfterEach
    void closeBoth() {
        agent.ifPresent(Agent::close);
        server.close();
    }

    private Agent start() throws Exception {
        Agent started = new Agent(
                AgentSettings.of(ServerUrl.parse(server.url()), FakeServer.NODE, (RSAPrivateKey)
                                CLIENT_KEYS.getPrivate())
                        .withFileDir(directory.resolve("files"))
                        .withWhitelist(Map.of("hello", "echo hello")),
                Clock.systemUTC(),
                this::lookUp);
        agent = Optional.of(started);
        started.start();
        return started;
    }

    private List<InetAddress> lookUp(String host) throws UnknownHostException {
        if (!host.equals(NAME)) {
            return HostLookup.OF_THIS_MACHINE.addressesOf(host);
        }
        List<String> found = names.getOrDefault(host, List.of());
        if (found.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return found.stream().map(BadWeatherIT::address).toList();
    }

    private static InetAddress address(String number) {
        try {
            return InetAddress.getByName(number);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private void nameLeadsTo(String... addresses) {
        names = Map.of(NAME, List.of(addresses));
    }

    private static void awaitOnline(Agent agent) {
        Until.isTrue("agent is online: " + agent.status(), () -> agent.status().connection() == Connection.ONLINE);
    }

    private static void awaitProblem(Agent agent, String text) {
        Until.isTrue("problem is told", () -> agent.status().problem().equals(Optional.of(text)));
    }

    private void runJob(String id) {
        server.send(new ServerMessage.Commit(id, "fake", JobSpec.of("hello")));
        server.await(AckCommit.class, message -> message.jobId().equals(Optional.of(id)));
        server.send(new ServerMessage.Run(id));
        server.await(AckRun.class, message -> message.jobId().equals(Optional.of(id)));
        server.await(Succeeded.class, message -> message.jobId().equals(Optional.of(id)));
    }

    @Test
    void nameThatIsUnknownAtTheStartIsLookedUpUntilItIsThere() throws Exception {
        server.advertise(NAME).start();
        Agent started = start();
        awaitProblem(started, "cannot connect to " + server.heartbeatAddress() + ": unknown host");

        nameLeadsTo("127.0.0.1");

        awaitOnline(started);
        runJob("1");
        assertThat(started.status().problem()).isEmpty();
    }

    @Test
    void serverThatCorrectsTheNameItSaysOfItselfIsFoundWithoutAnybodyAsking() throws Exception {
        server.advertise(NAME).start();
        Agent started = start();
        awaitProblem(started, "cannot connect to " + server.heartbeatAddress() + ": unknown host");

        server.advertise("127.0.0.1");

        awaitOnline(started);
        runJob("1");
    }

    @Test
    void serverThatCorrectsAnAddressAtWhichNobodyEverWasIsFoundSoon() throws Exception {
        server.advertise("127.0.0.9").start();
        Agent started = start();
        awaitProblem(started, "cannot connect to " + server.heartbeatAddress() + ": connection refused");
        Until.isTrue("asked again in vain", () -> started.status().configFetches() >= 3);

        server.advertise("127.0.0.1");

        awaitOnline(started);
        runJob("1");
    }

    @Test
    void requestedFetchThatBringsAnUnknownNameDoesNotEndTheAgent() throws Exception {
        server.start();
        Agent started = start();
        awaitOnline(started);
        server.advertise(NAME);
        started.refetchConfig();
        awaitProblem(started, "cannot connect to " + server.heartbeatAddress() + ": unknown host");

        server.advertise("127.0.0.1");
        started.refetchConfig();

        awaitOnline(started);
        runJob("1");
    }

    @Test
    void portThatCannotBeIsRefusedWithTheConfigurationAndAskedForAgain() throws Exception {
        server.advertiseCommandAddress(Optional.of("tcp://127.0.0.1:99999"));
        server.start();
        Agent started = start();
        Until.isTrue("configuration is asked for again", () -> server.fetches() >= 2);
        assertThat(started.status().connection()).isEqualTo(Connection.STARTING);

        server.advertiseCommandAddress(Optional.empty());

        awaitOnline(started);
        runJob("1");
    }

    @Test
    void ipv6WorksByAddressAndByName() throws Exception {
        server.listenOn("[::1]").start();
        Agent started = start();
        awaitOnline(started);
        runJob("1");

        nameLeadsTo("::1");
        server.advertise(NAME);
        started.refetchConfig();
        Until.isTrue("other name is taken over", () -> started.status().configFetches() == 2);
        server.received().clear();
        server.await(Heartbeat.class);
        runJob("2");
    }

    @Test
    void ofSeveralAddressesTheOneThatTakesConnectionsIsUsed() throws Exception {
        nameLeadsTo("127.0.0.3", "::1", "127.0.0.1");
        server.advertise(NAME).start();
        Agent started = start();

        awaitOnline(started);
        runJob("1");
    }

    @Test
    void serverWhoseNameLeadsToAnotherAddressIsFoundWithoutANewConfiguration() throws Exception {
        nameLeadsTo("127.0.0.1");
        server.advertise(NAME).start();
        Agent started = start();
        awaitOnline(started);
        server.stop();
        Until.isTrue("agent is offline", () -> started.status().connection() == Connection.OFFLINE);
        server.received().clear();

        server.listenOn("127.0.0.2").start();
        nameLeadsTo("127.0.0.2");

        server.await(Heartbeat.class);
        awaitOnline(started);
        runJob("1");
        assertThat(started.status().configFetches()).isEqualTo(1);
    }

    @Test
    void addressStaysInUseWhileTheNameServiceIsAway() throws Exception {
        nameLeadsTo("127.0.0.1");
        server.advertise(NAME).start();
        Agent started = start();
        awaitOnline(started);
        names = Map.of();
        server.stop();
        Until.isTrue("agent is offline", () -> started.status().connection() == Connection.OFFLINE);
        server.received().clear();

        server.start();

        server.await(Heartbeat.class);
        awaitOnline(started);
        runJob("1");
    }
}
