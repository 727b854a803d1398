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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.ReadAccess;
import org.pushjobs.protocol.keys.PemKeys;
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
                "xyz",
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
    void whatIsAppliedTwiceChangesNothingTheSecondTime() throws IOException {
        Path made = directory.resolve("web-1.pem");
        Path file = Files.writeString(
                directory.resolve("apply.json"), """
                {'organisations': [{'name': 'acme',
                  'users': [{'name': 'alice', 'admin': true, 'public_key': '%1$s'},
                            {'name': 'bob', 'public_key': '%1$s'}],
                  'clients': [{'name': 'web-1', 'key_out': '%2$s'}, {'name': 'web-2', 'public_key': '%1$s'}],
                  'groups': [{'name': 'pushy_job_writers', 'users': ['bob'], 'groups': ['admins', 'operators']},
                             {'name': 'operators', 'clients': ['web-1']}]}]}""".formatted(publicKey, made).replace('\'', '"'));

        assertThat(run("apply", file.toString())).as(err.toString()).isZero();
        assertThat(out.toString()).contains("applied " + file + ": created 5, changed 6");
        String key = Files.readString(made);
        int lines = auditLines().size();

        assertThat(run("apply", file.toString())).as(err.toString()).isZero();
        assertThat(out.toString()).contains("applied " + file + ": created 0, changed 0");

        assertThat(made).hasContent(key);
        assertThat(auditLines()).hasSize(lines);
        assertThat(Await.result(standalone.group("acme", "pushy_job_writers")))
                .contains(new Group(Set.of("bob"), Set.of(), Set.of("admins", "operators")));
        assertThat(Await.result(standalone.group("acme", "operators")))
                .contains(new Group(Set.of(), Set.of("web-1"), Set.of()));
        assertThat(Await.result(standalone.principals("acme", "bob")))
                .singleElement()
                .satisfies(bob -> assertThat(bob.orgMember()).isTrue());
    }

    @Test
    void keyThatIsAppliedTakesThePlaceOfTheFirstOne() throws IOException {
        run("org-create", "acme");
        run("client-create", "acme", "web-1", "--key-out", key("old"));
        run("client-create", "acme", "web-2", "--public-key", publicKey.toString());
        run("user-create", "alice", "--org", "acme", "--key-out", key("alice"));
        run("key-add", "laptop", "--user", "alice", "--key-out", key("laptop"));
        Path file = Files.writeString(
                directory.resolve("apply.json"), """
                {'organisations': [{'name': 'acme',
                  'users': [{'name': 'alice', 'public_key': '%1$s'}],
                  'clients': [{'name': 'web-1', 'public_key': '%1$s'},
                              {'name': 'web-2', 'public_key': '%1$s'}]}]}""".formatted(publicKey).replace('\'', '"'));

        assertThat(run("import", file.toString())).as(err.toString()).isZero();

        assertThat(out.toString()).contains("created 0, changed 2");
        String given = PemKeys.toPem((RSAPublicKey) PAIR.getPublic());
        assertThat(Await.result(standalone.principals("acme", "web-1")))
                .extracting(Principal::publicKeyPem)
                .containsExactly(given);
        assertThat(Await.result(standalone.principals("acme", "alice")))
                .extracting(Principal::publicKeyPem)
                .hasSize(2)
                .contains(given);
    }

    @Test
    void keyThatIsAppliedCountsAgainWhenItHadExpired() throws IOException {
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--public-key", publicKey.toString());
        run("client-create", "acme", "web-1", "--public-key", publicKey.toString());
        run("key-expire", "default", "--user", "alice", "--confirm");
        run("key-expire", "default", "--client", "acme/web-1");
        assertThat(keysOf("alice")).isZero();
        assertThat(keysOf("web-1")).isZero();
        Path file = Files.writeString(
                directory.resolve("apply.json"), """
                {'organisations': [{'name': 'acme',
                  'users': [{'name': 'alice', 'public_key': '%1$s'}],
                  'clients': [{'name': 'web-1', 'public_key': '%1$s'}]}]}""".formatted(publicKey).replace('\'', '"'));

        assertThat(run("apply", file.toString())).as(err.toString()).isZero();

        assertThat(out.toString()).contains("created 0, changed 2");
        assertThat(keysOf("alice")).isEqualTo(1);
        assertThat(keysOf("web-1")).isEqualTo(1);
    }

    private String key(String name) {
        return directory.resolve(name + ".pem").toString();
    }

    private int keysOf(String name) {
        return Await.result(standalone.principals("acme", name)).size();
    }

    @Test
    void disabledIsNobodyUntilEnabled() {
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--admin", "--public-key", publicKey.toString());
        run("user-create", "bob", "--org", "acme", "--admin", "--public-key", publicKey.toString());
        run("client-create", "acme", "web-1", "--public-key", publicKey.toString());

        assertThat(run("user-disable", "bob")).as(err.toString()).isZero();
        assertThat(run("client-disable", "acme", "web-1")).isZero();

        assertThat(keysOf("bob")).isZero();
        assertThat(keysOf("web-1")).isZero();
        assertThat(keysOf("alice")).isEqualTo(1);
        run("list");
        assertThat(out.toString()).contains("members: alice bob (disabled)", "clients: web-1 (disabled)");

        assertThat(run("user-enable", "bob")).isZero();
        assertThat(run("client-enable", "acme", "web-1")).isZero();
        assertThat(keysOf("bob")).isEqualTo(1);
        assertThat(keysOf("web-1")).isEqualTo(1);
        assertThat(Await.result(standalone.group("acme", "admins"))
                        .orElseThrow()
                        .users())
                .containsExactlyInAnyOrder("alice", "bob");
    }

    @Test
    void deletedUserIsGoneFromOrganisationsAndGroups() {
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--admin", "--public-key", publicKey.toString());
        run("user-create", "bob", "--org", "acme", "--admin", "--public-key", publicKey.toString());

        assertThat(run("user-delete", "bob")).as(err.toString()).isZero();

        assertThat(keysOf("bob")).isZero();
        assertThat(Await.result(standalone.group("acme", "admins"))
                        .orElseThrow()
                        .users())
                .containsExactly("alice");
        assertThat(run("user-create", "bob", "--public-key", publicKey.toString()))
                .as("the name is free")
                .isZero();
        assertThat(Await.result(standalone.principals("acme", "bob")))
                .singleElement()
                .satisfies(bob -> assertThat(bob.orgMember()).isFalse());
    }

    @Test
    void keysAreAddedListedExpiredRotatedAndRemoved() {
        run("org-create", "acme");
        run("client-create", "acme", "web-1", "--public-key", publicKey.toString());
        for (String[] who : new String[][] {{"--user", "alice"}, {"--client", "acme/web-1"}}) {
            String name = who[1].replaceAll(".*/", "");
            if (name.equals("alice")) {
                run("user-create", "alice", "--org", "acme", "--public-key", publicKey.toString());
            }

            assertThat(run("key-add", "second", who[0], who[1], "--key-out", key(name + "-second")))
                    .as(err.toString())
                    .isZero();
            assertThat(run(
                            "key-add",
                            "third",
                            who[0],
                            who[1],
                            "--key-out",
                            key(name + "-third"),
                            "--expires",
                            "2999-01-01T00:00:00Z"))
                    .isZero();
            assertThat(keysOf(name)).isEqualTo(3);

            assertThat(run("key-expire", "second", who[0], who[1])).isZero();
            assertThat(keysOf(name)).isEqualTo(2);
            out.getBuffer().setLength(0);
            assertThat(run("key-list", who[0], who[1])).isZero();
            assertThat(out.toString().lines())
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line).matches("default  SHA256:\\S{43}  added \\S+  does not expire"),
                            line -> assertThat(line).matches("second  SHA256:\\S{43}  added \\S+  expired \\S+"),
                            line -> assertThat(line).endsWith("expires 2999-01-01T00:00:00Z"));

            assertThat(run(
                            "key-rotate",
                            "fourth",
                            who[0],
                            who[1],
                            "--key-out",
                            key(name + "-fourth"),
                            "--old-until",
                            "2998-01-01T00:00:00Z"))
                    .isZero();
            assertThat(keysOf(name)).isEqualTo(3);
            assertThat(run("key-remove", "default", who[0], who[1])).isZero();
            assertThat(keysOf(name)).isEqualTo(2);
            assertThat(run("key-rotate", "fifth", who[0], who[1], "--key-out", key(name + "-fifth")))
                    .isZero();
            assertThat(keysOf(name)).isEqualTo(1);

            assertThat(run("key-add", "fifth", who[0], who[1], "--key-out", key("again")))
                    .isEqualTo(1);
            assertThat(err.toString()).contains("key 'fifth' of ").contains("exists already");
            assertThat(directory.resolve("again.pem")).doesNotExist();
            assertThat(run("key-remove", "default", who[0], who[1])).isEqualTo(1);
            assertThat(err.toString()).contains("there is no key 'default' of ");
        }
    }

    @Test
    void rotationLeavesKeysAloneThatHaveExpired() {
        run("org-create", "acme");
        for (String[] who : new String[][] {{"--user", "alice"}, {"--client", "acme/web-1"}}) {
            String name = who[1].replaceAll(".*/", "");
            List<String> creation = name.equals("alice")
                    ? List.of("user-create", "alice", "--org", "acme")
                    : List.of("client-create", "acme", "web-1");
            run(Stream.concat(creation.stream(), Stream.of("--public-key", publicKey.toString()))
                    .toArray(String[]::new));
            run("key-add", "second", who[0], who[1], "--key-out", key(name + "-second"));
            run("key-expire", "second", who[0], who[1]);

            assertThat(run(
                            "key-rotate",
                            "third",
                            who[0],
                            who[1],
                            "--key-out",
                            key(name + "-third"),
                            "--old-until",
                            "2998-01-01T00:00:00Z"))
                    .as(err.toString())
                    .isZero();
        }

        String open = " where expires_at <= now() and not expiry_seen";
        assertThat(sql("select key_name from directory_keys_of_users" + open)).isEmpty();
        assertThat(sql("select key_name from directory_keys_of_clients" + open)).isEmpty();
    }

    @Test
    void memberIsTakenOutOfAnOrganisationAndItsGroups() {
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--admin", "--public-key", publicKey.toString());
        run("user-create", "bob", "--org", "acme", "--public-key", publicKey.toString());
        run("group-add", "acme", "operators", "--user", "bob");
        run("group-add", "acme", "operators", "--user", "alice");

        assertThat(run("org-user-remove", "acme", "bob")).as(err.toString()).isZero();
        assertThat(run("group-remove", "acme", "operators", "--user", "alice")).isZero();

        assertThat(Await.result(standalone.group("acme", "operators")))
                .contains(new Group(Set.of(), Set.of(), Set.of()));
        assertThat(Await.result(standalone.principals("acme", "bob")))
                .extracting(Principal::orgMember)
                .containsExactly(false);
        assertThat(run("group-delete", "acme", "operators")).isZero();
        assertThat(Await.result(standalone.group("acme", "operators"))).isEmpty();
        assertThat(run("group-remove", "acme", "operators", "--user", "alice")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no user 'alice' in group 'operators' of organisation 'acme'");
    }

    private boolean mayWrite(String name) {
        return Await.result(new Permissions(standalone, ReadAccess.RESTRICTED)
                .canWrite(
                        "acme",
                        Await.result(standalone.principals("acme", name)).getFirst()));
    }

    @Test
    void groupThatLocksTheAdminsOutIsToldBeforeAndCanBeUndone() {
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--admin", "--public-key", publicKey.toString());
        run("user-create", "bob", "--org", "acme", "--public-key", publicKey.toString());

        assertThat(run("group-add", "acme", "pushy_job_writers", "--user", "bob"))
                .isEqualTo(1);

        assertThat(err.toString())
                .contains(
                        "after this change no longer may start jobs in organisation 'acme': user alice.",
                        "the group 'admins', into the group 'pushy_job_writers' first",
                        "repeat the command with --confirm; nothing was changed");
        assertThat(Await.result(standalone.group("acme", "pushy_job_writers"))).isEmpty();
        assertThat(mayWrite("alice")).isTrue();

        // when it is meant so
        assertThat(run("group-add", "acme", "pushy_job_writers", "--user", "bob", "--confirm"))
                .isZero();
        assertThat(mayWrite("alice")).isFalse();

        // then it can be undone, which takes it from bob again
        assertThat(run("group-delete", "acme", "pushy_job_writers")).isEqualTo(1);
        assertThat(err.toString()).contains("no longer may start jobs in organisation 'acme': user bob.");
        assertThat(run("group-delete", "acme", "pushy_job_writers", "--confirm"))
                .isZero();
        assertThat(mayWrite("alice")).isTrue();

        // and the advice is good
        assertThat(run("group-add", "acme", "pushy_job_writers", "--group", "admins"))
                .as(err.toString())
                .isZero();
        assertThat(run("group-add", "acme", "pushy_job_writers", "--user", "bob"))
                .isZero();
        assertThat(mayWrite("alice")).isTrue();
        assertThat(mayWrite("bob")).isTrue();
        assertThat(run("group-remove", "acme", "pushy_job_writers", "--user", "bob"))
                .as("that bob loses it is what was asked for")
                .isZero();
        assertThat(run("group-remove", "acme", "pushy_job_writers", "--group", "admins"))
                .isEqualTo(1);
    }

    static Stream<List<String>> lastOfTheAdmins() {
        return Stream.of(
                List.of("user-delete", "alice"),
                List.of("user-disable", "alice"),
                List.of("org-user-remove", "acme", "alice"),
                List.of("group-remove", "acme", "admins", "--user", "alice"),
                List.of("group-delete", "acme", "admins"),
                List.of("key-remove", "default", "--user", "alice"),
                List.of("key-expire", "default", "--user", "alice"),
                List.of("key-expire", "default", "--user", "alice", "--at", "2999-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @MethodSource("lastOfTheAdmins")
    void lastAdminIsNotLostByMistake(List<String> command) {
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--admin", "--public-key", publicKey.toString());

        assertThat(run(command.toArray(String[]::new))).isEqualTo(1);
        assertThat(err.toString()).contains("may start jobs in organisation 'acme'");
        assertThat(mayWrite("alice")).isTrue();

        assertThat(run(Stream.concat(command.stream(), Stream.of("--confirm")).toArray(String[]::new)))
                .as(err.toString())
                .isZero();
    }

    @Test
    void endOfOneKeyOfTwoTakesNothingAway() {
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--admin", "--public-key", publicKey.toString());
        run("key-add", "second", "--user", "alice", "--key-out", key("second"));

        assertThat(run("key-expire", "default", "--user", "alice", "--at", "2999-01-01T00:00:00Z"))
                .as(err.toString())
                .isZero();

        assertThat(run("key-expire", "second", "--user", "alice", "--at", "2998-01-01T00:00:00Z"))
                .as("the other one lasts longer, though not for ever")
                .isZero();
    }

    @Test
    void groupThatKeepsOthersFromReadingIsToldBefore() {
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--admin", "--public-key", publicKey.toString());
        for (int i = 1; i <= 7; i++) {
            run("user-create", "user-" + i, "--org", "acme", "--public-key", publicKey.toString());
        }

        assertThat(run("group-add", "acme", "pushy_job_readers", "--user", "user-1"))
                .isEqualTo(1);

        assertThat(err.toString())
                .contains("no longer may see jobs and nodes in organisation 'acme': user alice, user user-2")
                .contains(" and 2 more.");
    }

    private List<String> auditLines() {
        List<String> lines = new ArrayList<>();
        Await.result(database.pool()
                        .query(
                                "select action || ' [' || org_name || '] ' || command || ' by ' || requestor || ' ' || outcome"
                                        + " || ' ' || status from audit_log order by id")
                        .execute())
                .forEach(row -> lines.add(row.getString(0)));
        return lines;
    }

    @Test
    void everyChangeIsALineOfTheAuditLogAndNothingElseIs() {
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--admin", "--public-key", publicKey.toString());
        run("user-create", "alice", "--public-key", publicKey.toString());
        run("group-add", "acme", "pushy_job_writers", "--group", "admins");
        run("group-remove", "acme", "pushy_job_writers", "--group", "admins");
        run("key-add", "second", "--user", "alice", "--key-out", key("second"));
        run("list");

        String by = " by " + System.getProperty("user.name") + " done 200";
        assertThat(auditLines())
                .containsExactly(
                        "directory_org_create [acme] org-create acme" + by,
                        "directory_user_create [] user-create alice" + by,
                        "directory_org_user_add [acme] org-user-add acme alice --admin" + by,
                        "directory_group_add [acme] group-add acme pushy_job_writers --group admins" + by,
                        "directory_key_add [] key-add --user alice second" + by);
    }

    @Test
    void whatTakesSomethingBackIsInTheAuditLog() throws IOException {
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--admin", "--public-key", publicKey.toString());
        Path file = Files.writeString(
                directory.resolve("apply.json"), """
                {'organisations': [{'name': 'acme',
                  'users': [{'name': 'bob', 'public_key': '%1$s'}],
                  'clients': [{'name': 'web-1', 'public_key': '%1$s'}],
                  'groups': [{'name': 'operators', 'clients': ['web-1']}]}]}""".formatted(publicKey).replace('\'', '"'));
        int before = auditLines().size();

        for (List<String> command : List.of(
                List.of("apply", file.toString()),
                List.of("group-add", "acme", "pushy_job_writers", "--user", "bob", "--confirm"),
                List.of("group-delete", "acme", "pushy_job_writers", "--confirm"),
                List.of("group-remove", "acme", "operators", "--client", "web-1"),
                List.of("key-rotate", "new", "--client", "acme/web-1", "--key-out", key("new")),
                List.of("key-expire", "new", "--client", "acme/web-1", "--at", "2999-01-01T00:00:00Z"),
                List.of("client-disable", "acme", "web-1"),
                List.of("client-enable", "acme", "web-1"),
                List.of("client-delete", "acme", "web-1"),
                List.of("user-disable", "bob"),
                List.of("user-enable", "bob"),
                List.of("org-user-remove", "acme", "bob"),
                List.of("user-delete", "bob"))) {
            assertThat(run(command.toArray(String[]::new)))
                    .as(command + ": " + err)
                    .isZero();
        }

        String by = " by " + System.getProperty("user.name") + " done 200";
        assertThat(auditLines().subList(before, auditLines().size()))
                .containsExactly(
                        "directory_user_create [] user-create bob" + by,
                        "directory_org_user_add [acme] org-user-add acme bob" + by,
                        "directory_client_create [acme] client-create acme web-1" + by,
                        "directory_group_create [acme] group-create acme operators" + by,
                        "directory_group_add [acme] group-add acme operators --client web-1" + by,
                        "directory_group_add [acme] group-add acme pushy_job_writers --user bob" + by,
                        "directory_group_delete [acme] group-delete acme pushy_job_writers" + by,
                        "directory_group_remove [acme] group-remove acme operators --client web-1" + by,
                        "directory_key_rotate [acme] key-rotate --client acme/web-1 new" + by,
                        "directory_key_expire [acme] key-expire --client acme/web-1 new --at 2999-01-01T00:00:00Z" + by,
                        "directory_client_disable [acme] client-disable acme web-1" + by,
                        "directory_client_enable [acme] client-enable acme web-1" + by,
                        "directory_client_delete [acme] client-delete acme web-1" + by,
                        "directory_user_disable [] user-disable bob" + by,
                        "directory_user_enable [] user-enable bob" + by,
                        "directory_org_user_remove [acme] org-user-remove acme bob" + by,
                        "directory_user_delete [] user-delete bob" + by);
        assertThat(keysOf("web-1")).isZero();
        assertThat(run("client-create", "acme", "web-1", "--public-key", publicKey.toString()))
                .as("the name is free")
                .isZero();
    }

    /** What servers of the version before ask and put, by the names that the tables had. */
    @Test
    void olderServerSeesKeysThatCountAndItsOwnAreSeen() {
        run("org-create", "acme");
        run("user-create", "alice", "--org", "acme", "--public-key", publicKey.toString());
        run("user-create", "bob", "--org", "acme", "--public-key", publicKey.toString());
        run("client-create", "acme", "web-1", "--public-key", publicKey.toString());
        run("user-disable", "bob");
        run("key-expire", "default", "--client", "acme/web-1");

        sql("insert into directory_users (name) values ('carol') on conflict do nothing");
        sql("insert into directory_user_keys (user_name, key_name, public_key) values ('carol', 'default', 'a key')");
        sql("with new as (select 'web-2' as name, 'a key' as public_key), clients as ("
                + "insert into directory_clients (org_guid, name) select guid, 'web-2' from directory_organisations"
                + " on conflict do nothing returning org_guid, name)"
                + " insert into directory_client_keys (org_guid, client_name, key_name, public_key)"
                + " select org_guid, name, 'default', 'a key' from clients");

        assertThat(sql("select user_name from directory_user_keys order by 1")).containsExactly("alice", "carol");
        assertThat(sql("select client_name from directory_client_keys")).containsExactly("web-2");
        assertThat(keysOf("carol")).isEqualTo(1);
        assertThat(keysOf("web-2")).isEqualTo(1);
    }

    private void job(String id, String orgName, int status) {
        sql("insert into jobs (id, org_id, command, status, last_updated_by, created_at, updated_at) select '" + id
                + "', guid, 'id', " + status + ", 'alice', now(), now() from directory_organisations where name = '"
                + orgName + "'");
        sql("insert into job_nodes (job_id, org_id, node_name, status, created_at, updated_at)"
                + " select id, org_id, 'web-1', 3, now(), now() from jobs where id = '" + id + "'");
        sql("insert into job_events (job_id, seq, name, at, data) values ('" + id + "', 1, 'start', now(), '{}')");
        sql("insert into org_events (org_id, at, job_id, seq) select org_id, now(), id, 1 from jobs where id = '" + id
                + "'");
        sql("insert into job_output (job_id, node_name, stdout, stderr) values ('" + id + "', 'web-1', 'out', '')");
    }

    /** How many rows a deleted organisation could have left, with those of the other one that stays. */
    private List<String> left() {
        return Stream.of(
                        "directory_organisations",
                        "directory_org_members",
                        "directory_clients",
                        "directory_keys_of_clients",
                        "directory_groups",
                        "directory_group_users",
                        "directory_group_clients",
                        "jobs",
                        "job_nodes",
                        "job_events",
                        "org_events",
                        "job_output",
                        "node_keys",
                        "node_key_claims",
                        "directory_users")
                .map(table -> sql("select count(*)::text from " + table).getFirst() + " " + table)
                .toList();
    }

    private void fill(String orgName) {
        run("org-create", orgName);
        run("org-user-add", orgName, "alice", "--admin");
        run("client-create", orgName, "web-1", "--public-key", publicKey.toString());
        run("group-add", orgName, "operators", "--client", "web-1");
        sql("insert into node_keys (public_key, org_id, org_name, node_name, fetched_at, claimed_by) select 'key of '"
                + " || name, guid, name, 'web-1', now(), 'client:web-1' from directory_organisations where name = '"
                + orgName + "'");
        sql("insert into node_key_claims (public_key, org_id, org_name, node_name, fetched_at) select 'key of '"
                + " || name, guid, name, 'web-2', now() from directory_organisations where name = '" + orgName + "'");
    }

    @Test
    void organisationIsDeletedWithAllThatIsItsAndNothingElse() {
        run("user-create", "alice", "--public-key", publicKey.toString());
        fill("acme");
        job("1".repeat(32), "acme", 2);
        List<String> before = left();
        fill("other");
        for (int i = 0; i < 45; i++) {
            job("%032d".formatted(i), "other", List.of(2, 3, 4, 6, 7).get(i % 5));
        }

        assertThat(run("org-delete", "other")).isEqualTo(1);
        assertThat(err.toString())
                .contains(
                        "with organisation 'other' go 1 clients, 45 jobs with their output, and what 1 users may do in it.",
                        "repeat the command with --confirm; nothing was changed");
        assertThat(sql("select count(*)::text from jobs")).containsExactly("46");
        assertThat(run("org-delete", "other", "--confirm")).as(err.toString()).isZero();

        assertThat(left()).isEqualTo(before);
        assertThat(out.toString()).endsWith("deleted organisation 'other'\n");
        assertThat(auditLines()).last().asString().startsWith("directory_org_delete [other] org-delete other by ");
        assertThat(keysOf("alice")).isEqualTo(1);
        assertThat(run("org-delete", "other", "--confirm")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no organisation 'other'");
        assertThat(run("org-create", "other")).as("the name is free").isZero();
        assertThat(run("org-delete", "other")).as("there is nothing in it").isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void organisationInWhichJobsGoOnIsOnlyDeletedWhenTheyMayBeLost(int status) {
        run("org-create", "acme");
        job("1".repeat(32), "acme", status);
        job("2".repeat(32), "acme", 2);

        assertThat(run("org-delete", "acme", "--confirm")).isEqualTo(1);
        assertThat(err.toString()).contains("1 jobs go on in organisation 'acme'", "--abandon-jobs");
        assertThat(sql("select id from jobs")).hasSize(2);
        assertThat(run("org-delete", "acme", "--abandon-jobs"))
                .as("that is no consent to the rest")
                .isEqualTo(1);
        assertThat(run("org-delete", "acme", "--abandon-jobs", "--confirm")).isZero();

        assertThat(sql("select id from jobs")).containsExactly("1".repeat(32));
        assertThat(Await.result(standalone.organisation("acme"))).isEmpty();
    }

    @Test
    void runningServerForgetsADeletedOrganisationAtOnce() {
        StandaloneDirectory cached =
                new StandaloneDirectory(new DirectoryStore(database.pool()), Duration.ofHours(1), new SettableTiming());
        List<String> told = new CopyOnWriteArrayList<>();
        database.onKeysRevoked(whose -> {
            cached.somebodyWasDeleted();
            told.add(whose);
        });
        run("org-create", "acme");
        String guid = Await.result(cached.organisation("acme")).orElseThrow().guid();
        assertThat(Await.result(cached.group("acme", "admins"))).isPresent();

        run("org-delete", "acme");

        Await.until("the server hears of it", () -> told.contains(guid + " client:"));
        assertThat(Await.result(cached.organisation("acme"))).isEmpty();
        assertThat(Await.result(cached.group("acme", "admins"))).isEmpty();
    }

    private List<String> sql(String statement) {
        List<String> values = new ArrayList<>();
        Await.result(database.pool().query(statement).execute()).forEach(row -> values.add(row.getString(0)));
        return values;
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
