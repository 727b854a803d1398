package org.pushjobs.server.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.config.ServerConfig.DatabaseConfig;
import org.pushjobs.server.config.ServerConfig.ReadAccess;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.DirectoryStore;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import picocli.CommandLine;

@ExtendWith(PostgresExtension.class)
class DirectoryCommandIT {
    private static final KeyPair PAIR = PemKeys.generate();

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Vertx vertx = Vertx.vertx();
    private DatabaseConfig config;
    private Database database;
    private StandaloneDirectory standalone;
    private Path publicKey;

    @BeforeEach
    void open(DatabaseConfig.External config) throws IOException {
        this.config = config;
        database = Database.open(vertx, config);
        Await.result(database.ready());
        standalone = new StandaloneDirectory(new DirectoryStore(database.pool()), Duration.ZERO, vertx);
        publicKey = Files.writeString(directory.resolve("public.pem"), PemKeys.toPem((RSAPublicKey) PAIR.getPublic()));
    }

    @AfterEach
    void close() {
        Await.result(database.close());
        Await.result(vertx.close());
    }

    @Test
    void organisationIsCreatedOnce() {
        assertThat(run("org-create", "acme")).isZero();

        Organisation acme = Await.result(standalone.organisation("acme")).orElseThrow();
        assertThat(acme.name()).isEqualTo("acme");
        assertThat(acme.guid()).matches("[0-9a-f]{32}");
        assertThat(out.toString()).contains("created organisation 'acme' [guid: " + acme.guid() + "]");
        assertThat(Await.result(standalone.group("acme", "admins"))).contains(new Group(Set.of(), Set.of(), Set.of()));
        assertThat(Await.result(standalone.group("acme", "nobody"))).isEmpty();
        assertThat(Await.result(standalone.organisation("other"))).isEmpty();

        assertThat(run("org-create", "acme")).isEqualTo(1);
        assertThat(err.toString()).contains("organisation 'acme' exists already");
    }

    @Test
    void runningServerSeesANewMemberOfAGroupAfterItsCacheTime() {
        SettableTiming timing = new SettableTiming();
        Duration cacheTime = Duration.ofSeconds(2);
        StandaloneDirectory cached = new StandaloneDirectory(new DirectoryStore(database.pool()), cacheTime, timing);
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--public-key", publicKey.toString());
        assertThat(Await.result(cached.group("acme", "operators"))).isEmpty();

        run("group-add", "acme", "operators", "--user", "alice");

        timing.forward(cacheTime.minusMillis(1));
        assertThat(Await.result(cached.group("acme", "operators"))).isEmpty();
        timing.forward(Duration.ofMillis(1));
        assertThat(Await.result(cached.group("acme", "operators")).orElseThrow().users())
                .containsExactly("alice");
    }

    @Test
    void runningServerSeesANewMemberAtOnceWhereSomebodyActsOrIsAboutToBeRefused() {
        SettableTiming timing = new SettableTiming();
        StandaloneDirectory cached =
                new StandaloneDirectory(new DirectoryStore(database.pool()), Duration.ofHours(1), timing);
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--public-key", publicKey.toString());
        Principal alice = Await.result(cached.principals("acme", "alice")).getFirst();
        Permissions permissions = new Permissions(cached, ReadAccess.ORGANIZATION);
        assertThat(Await.result(permissions.canWrite("acme", alice))).isFalse();

        run("group-add", "acme", "admins", "--user", "alice");

        timing.forward(Duration.ofMillis(1001));
        assertThat(Await.result(permissions.canWrite("acme", alice))).isFalse();
        assertThat(Await.result(permissions.recent().canWrite("acme", alice))).isTrue();
        assertThat(Await.result(permissions.present().canWrite("acme", alice))).isTrue();
        assertThat(Await.result(permissions.canWrite("acme", alice))).isTrue();
    }

    @Test
    void userGetsAKeyOfItsOwn() throws IOException {
        run("org-create", "acme");
        Path keyFile = directory.resolve("alice.pem");

        assertThat(run("user-create", "alice", "--org", "acme", "--admin", "--key-out", keyFile.toString()))
                .isZero();

        Principal alice = Await.result(standalone.principals("acme", "alice")).getFirst();
        assertThat(alice.type()).isEqualTo(Principal.Type.USER);
        assertThat(alice.orgMember()).isTrue();
        assertThat(PemKeys.publicKey(alice.publicKeyPem()).getModulus())
                .isEqualTo(PemKeys.privateKey(Files.readString(keyFile)).getModulus());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
                .isEqualTo("rw-------");
        assertThat(Await.result(standalone.group("acme", "admins"))
                        .orElseThrow()
                        .users())
                .containsExactly("alice");
        assertThat(Await.result(new Permissions(standalone, ReadAccess.ORGANIZATION).canWrite("acme", alice)))
                .isTrue();
        assertThat(out.toString()).contains("private key: " + keyFile).doesNotContain("BEGIN");
    }

    @Test
    void userOfNoOrganisationIsNoMember() {
        run("org-create", "acme");

        assertThat(run("user-create", "bob", "--public-key", publicKey.toString()))
                .isZero();

        assertThat(Await.result(standalone.principals("acme", "bob")))
                .containsExactly(new Principal(
                        "bob", Principal.Type.USER, PemKeys.toPem((RSAPublicKey) PAIR.getPublic()), false));
        assertThat(Await.result(standalone.principals("acme", "nobody"))).isEmpty();
    }

    @Test
    void userAndClientMayHaveTheSameName() {
        run("org-create", "acme");
        run("org-create", "other");
        run("user-create", "web-1", "--public-key", publicKey.toString());

        assertThat(run("client-create", "acme", "web-1", "--public-key", publicKey.toString()))
                .isZero();

        assertThat(Await.result(standalone.principals("acme", "web-1")))
                .extracting(Principal::type, Principal::orgMember)
                .containsExactlyInAnyOrder(tuple(Principal.Type.USER, false), tuple(Principal.Type.CLIENT, true));
        assertThat(Await.result(standalone.principals("other", "web-1")))
                .extracting(Principal::type)
                .containsExactly(Principal.Type.USER);
    }

    @Test
    void everyKeyOfAPrincipalIsGiven() {
        run("org-create", "acme");
        run("user-create", "alice", "--public-key", publicKey.toString());

        Await.result(database.pool()
                .query("insert into directory_user_keys values ('alice', 'second', 'another key')")
                .execute());

        assertThat(Await.result(standalone.principals("acme", "alice")))
                .extracting(Principal::publicKeyPem)
                .contains("another key")
                .hasSize(2);
    }

    @Test
    void groupsGetUsersClientsAndGroups() {
        run("org-create", "acme");
        run("user-create", "alice", "--public-key", publicKey.toString());
        run("org-user-add", "acme", "alice");
        run("client-create", "acme", "web-1", "--public-key", publicKey.toString());

        for (int repeated = 0; repeated < 2; repeated++) {
            assertThat(run("org-user-add", "acme", "alice")).isZero();
            assertThat(run("group-add", "acme", "operators", "--user", "alice")).isZero();
            assertThat(run("group-add", "acme", "operators", "--client", "web-1"))
                    .isZero();
            assertThat(run("group-add", "acme", "pushy_job_writers", "--group", "operators"))
                    .isZero();
        }

        assertThat(Await.result(standalone.group("acme", "operators")))
                .contains(new Group(Set.of("alice"), Set.of("web-1"), Set.of()));
        Principal alice = Await.result(standalone.principals("acme", "alice")).getFirst();
        assertThat(Await.result(new Permissions(standalone, ReadAccess.ORGANIZATION).canWrite("acme", alice)))
                .isTrue();
        assertThat(run("list")).isZero();
        assertThat(out.toString())
                .contains("organisation: acme", "members: alice", "clients: web-1")
                .contains("group operators: users alice, clients web-1, groups none", "users: alice");
    }

    static Stream<List<String>> refusals() {
        return Stream.of(
                List.of("there is no organisation 'nowhere'", "user-create", "carol", "--org", "nowhere"),
                List.of("there is no organisation 'nowhere'", "client-create", "nowhere", "web-1"),
                List.of("user 'alice' exists already", "user-create", "alice"),
                List.of("client 'web-1' of organisation 'acme' exists already", "client-create", "acme", "web-1"),
                List.of("there is no user 'carol'", "org-user-add", "acme", "carol"),
                List.of("there is no user 'alice' in organisation 'acme'", "group-add", "acme", "g", "--user", "alice"),
                List.of("there is no client 'web-2' in", "group-add", "acme", "g", "--client", "web-2"),
                List.of("there is no group 'h' in", "group-add", "acme", "g", "--group", "h"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalSaysWhyAndLeavesNothingBehind(List<String> refusal) throws IOException {
        run("org-create", "acme");
        run("user-create", "alice", "--public-key", publicKey.toString());
        run("client-create", "acme", "web-1", "--public-key", publicKey.toString());
        Path keyFile = directory.resolve("new.pem");
        Stream<String> key =
                refusal.get(1).endsWith("-create") ? Stream.of("--key-out", keyFile.toString()) : Stream.of();

        int status = run(Stream.concat(refusal.stream().skip(1), key).toArray(String[]::new));

        assertThat(status).isEqualTo(1);
        assertThat(err.toString()).contains(refusal.getFirst());
        assertThat(keyFile).doesNotExist();
        assertThat(Await.result(standalone.principals("acme", "carol"))).isEmpty();
        assertThat(Await.result(standalone.group("acme", "g"))).isEmpty();
    }

    @Test
    void keyFileIsNotOverwritten() throws IOException {
        Path keyFile = Files.writeString(directory.resolve("alice.pem"), "precious");

        assertThat(run("user-create", "alice", "--key-out", keyFile.toString())).isEqualTo(1);

        assertThat(keyFile).hasContent("precious");
        assertThat(err.toString()).contains("exists already and is not overwritten");
        assertThat(Await.result(standalone.principals("acme", "alice"))).isEmpty();
    }

    @Test
    void fileWithoutAKeyIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "no key");

        assertThat(run("user-create", "alice", "--public-key", file.toString())).isEqualTo(1);

        assertThat(err.toString()).contains(file + ": the text holds no PEM block");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org-create Acme",
                "org-create",
                "user-create a/b",
                "user-create alice --admin",
                "user-create alice --key-out a --public-key b",
                "group-add acme admins",
                "group-add acme admins --user a --client b",
                "nothing",
                ""
            })
    void wrongArgumentsAreExplained(String arguments) {
        assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" ")))
                .isEqualTo(2);

        assertThat(err.toString()).contains("Usage:");
    }

    @Test
    void importMakesClientsWithNewAndWithGivenKeys() throws IOException {
        Path file = directory.resolve("import.json");
        StringBuilder clients = new StringBuilder();
        for (int i = 1; i <= 1_500; i++) {
            clients.append(", {'name': 'sim-%05d', 'public_key': '%s'}".formatted(i, publicKey));
        }
        Files.writeString(file, """
                {'organisations': [{'name': 'acme',
                  'users': [{'name': 'alice', 'admin': true, 'public_key': '%s'}],
                  'clients': [{'name': 'web-1', 'key_out': '%s'}%s]}]}""".formatted(publicKey, directory.resolve("web-1.pem"), clients)
                .replace('\'', '"'));

        assertThat(run("import", file.toString())).as(err.toString()).isZero();

        String given = PemKeys.toPem((RSAPublicKey) PAIR.getPublic());
        for (String name : List.of("alice", "sim-00001", "sim-01500")) {
            assertThat(Await.result(standalone.principals("acme", name)))
                    .as(name)
                    .singleElement()
                    .satisfies(principal -> assertThat(principal.publicKeyPem()).isEqualTo(given));
        }
        assertThat(Await.result(standalone.principals("acme", "web-1")))
                .singleElement()
                .satisfies(principal -> assertThat(principal.publicKeyPem()).isNotEqualTo(given));
        assertThat(directory.resolve("web-1.pem")).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name': 'web-1'}",
                "{'name': 'web-1', 'key_out': 'web-1.pem', 'public_key': 'public.pem'}",
            })
    void importOfAClientNeedsOneKey(String client) throws IOException {
        Path file = Files.writeString(
                directory.resolve("import.json"),
                ("{'organisations': [{'name': 'acme', 'clients': [" + client + "]}]}").replace('\'', '"'));

        assertThat(run("import", file.toString())).isEqualTo(1);

        assertThat(err.toString()).contains("'web-1' needs either key_out or public_key");
    }

    @Test
    void manyClientsAreMadeAllOrNone() {
        DirectoryStore store = new DirectoryStore(database.pool());
        String key = PemKeys.toPem((RSAPublicKey) PAIR.getPublic());
        run("org-create", "acme");
        Await.result(store.createClient("acme", "b", key));

        Throwable failure = Await.failure(store.createClients("acme", Map.of("a", key, "b", key)));

        assertThat(failure).hasMessageContaining("exists already");
        assertThat(Await.result(standalone.principals("acme", "a"))).isEmpty();
    }

    @Test
    void embeddedDatabaseThatDoesNotRunIsStartedForTheMoment() {
        config = new DatabaseConfig.Embedded(directory.resolve("embedded"), 2);

        assertThat(run("org-create", "acme")).isZero();
        assertThat(run("list")).isZero();

        assertThat(out.toString()).contains("organisation: acme");
    }

    private int run(String... arguments) {
        return new CommandLine(new DirectoryCommand(() -> config))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
