package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.directory.Group;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.ChefServerFixture;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.zeromq.ZMQ;

/**
 * What the Chef server is told counts at once for those that it lets in, though its answers are remembered for an hour
 * (request-signing.md, "Ask again before you refuse").
 */
@ExtendWith(PostgresExtension.class)
class AskedAgainIT {
    private static final String ORG = "kitchen";
    private static final KeyPair KEYS = PemKeys.generate();
    private static final KeyPair NEW_KEYS = PemKeys.generate();
    private static final String WRITE = "pushy_job_writers";
    private static final String READ = "pushy_job_readers";

    @TempDir
    private Path directory;

    private ChefServerFixture chef;
    private RunningServer server;

    @BeforeEach
    void startBoth(DatabaseConfig.External database) throws Exception {
        chef = ChefServerFixture.start()
                .organisation(ORG, "fedcba9876543210fedcba9876543210")
                .principals(ORG, "alice", principal("alice", Principal.Type.USER, KEYS, true))
                .group(ORG, WRITE, new Group(Set.of("alice"), Set.of(), Set.of()))
                .group(ORG, READ, new Group(Set.of("alice"), Set.of(), Set.of()));
        JsonObject settings = chef.settings(directory, database).put("directory_cache_seconds", 3600);
        server = RunningServer.start(directory, settings, database, 1);
    }

    @AfterEach
    void stopBoth() {
        server.close();
        chef.close();
    }

    private static Principal principal(String name, Principal.Type type, KeyPair keys, boolean orgMember) {
        return new Principal(name, type, PemKeys.toPem((RSAPublicKey) keys.getPublic()), orgMember);
    }

    private ApiClient api(String org, String name, KeyPair keys) {
        return new ApiClient(
                URI.create("http://127.0.0.1:" + server.ports().api() + "/organizations/" + org), name, (RSAPrivateKey)
                        keys.getPrivate());
    }

    private int configure(KeyPair keys) throws Exception {
        try (ApiClient node = api(ORG, "web-1", keys)) {
            String curveKey = ZMQ.Curve.generateKeyPair().publicKey;
            return node.get("config/web-1?ccpk=" + URLEncoder.encode(curveKey, StandardCharsets.UTF_8))
                    .statusCode();
        }
    }

    private int look(String name) throws Exception {
        try (ApiClient user = api(ORG, name, KEYS)) {
            return user.get("node_states").statusCode();
        }
    }

    private int startJob() throws Exception {
        try (ApiClient alice = api(ORG, "alice", KEYS)) {
            HttpResponse<byte[]> answer = alice.post(
                    "jobs", new JsonObject().put("command", "true").put("nodes", new JsonArray().add("web-1")));
            return answer.statusCode();
        }
    }

    private long askedFor(String name) {
        return chef.requests().stream()
                .filter(path -> path.endsWith("/" + name))
                .count();
    }

    @Test
    void aClientThatIsMadeAfterItsRefusalAndOneWithANewKeyAreLetInAtOnce() throws Exception {
        assertThat(configure(KEYS)).isEqualTo(401);

        chef.principals(ORG, "web-1", principal("web-1", Principal.Type.CLIENT, KEYS, true));
        assertThat(configure(KEYS)).isEqualTo(200);

        chef.principals(ORG, "web-1", principal("web-1", Principal.Type.CLIENT, NEW_KEYS, true));
        assertThat(configure(NEW_KEYS)).isEqualTo(200);
        assertThat(configure(KEYS)).as("its old key, when the new one was seen").isEqualTo(401);
    }

    @Test
    void anOrganisationThatIsMadeAfterARefusalIsThereAtOnce() throws Exception {
        try (ApiClient alice = api("garage", "alice", KEYS)) {
            assertThat(alice.get("node_states").statusCode()).isEqualTo(404);

            chef.organisation("garage", "a".repeat(32))
                    .principals("garage", "alice", principal("alice", Principal.Type.USER, KEYS, true));

            assertThat(alice.get("node_states").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aUserWhoJustJoinedTheOrganisationOrAGroupIsLetInAtOnce() throws Exception {
        chef.principals(ORG, "bob", principal("bob", Principal.Type.USER, KEYS, false));
        assertThat(look("bob")).as("no member").isEqualTo(403);

        chef.principals(ORG, "bob", principal("bob", Principal.Type.USER, KEYS, true));
        assertThat(look("bob")).as("no reader").isEqualTo(403);

        chef.group(ORG, READ, new Group(Set.of("alice", "bob"), Set.of(), Set.of()));
        assertThat(look("bob")).isEqualTo(200);
    }

    @Test
    void whoActsIsAskedForAfreshAfterASecondAndWhoReadsIsRemembered() throws Exception {
        assertThat(startJob()).isEqualTo(201);

        chef.group(ORG, WRITE, new Group(Set.of(), Set.of(), Set.of()));
        Await.until("no writer any more", Duration.ofSeconds(20), () -> startJob() == 403);

        chef.group(ORG, WRITE, new Group(Set.of("alice"), Set.of(), Set.of()));
        assertThat(startJob()).as("a writer again").isEqualTo(201);

        assertThat(look("alice")).isEqualTo(200);
        chef.principals(ORG, "alice", principal("alice", Principal.Type.USER, NEW_KEYS, true));
        assertThat(look("alice")).as("by what is remembered").isEqualTo(200);
        Await.until("her key is gone", Duration.ofSeconds(20), () -> startJob() == 401);
    }

    @Test
    void aFloodOfOneNameReachesTheChefServerOnceASecond() throws Exception {
        long began = System.nanoTime();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> flood = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                flood.add(() -> look("nobody"));
            }
            for (Future<Integer> answer : callers.invokeAll(flood)) {
                assertThat(answer.get()).isEqualTo(401);
            }
        }
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();

        assertThat(askedFor("nobody")).isLessThanOrEqualTo(seconds + 2);
    }
}
