package org.pushjobs.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.config.ReadAccess;
import org.pushjobs.config.TlsTrust;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.metrics.DirectoryMetrics;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.ChefServerFixture;
import org.pushjobs.server.testing.ChefServerFixture.Fault;
import org.pushjobs.server.testing.LogCapture;
import org.pushjobs.server.testing.SettableClock;
import org.pushjobs.server.testing.TestAuthority;

class ChefServerDirectoryIT {
    private static final String ORG = "acme";
    private static final String GUID = "0123456789abcdef0123456789abcdef";
    private static final Principal ALICE = new Principal("alice", Principal.Type.USER, "key of alice", true);
    private static final Group OPERATORS = new Group(Set.of("alice"), Set.of("web-1"), Set.of("night"));
    private static final TestAuthority AUTHORITY = new TestAuthority();
    private static final TestAuthority.Identity LOCALHOST = AUTHORITY.identity("localhost");
    private static final Duration CACHE_TIME = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DirectoryMetrics metrics = new ServerMetrics(meters).chefServer();
    private final SettableClock clock = new SettableClock();
    private final SettableTiming timing = new SettableTiming();
    private ChefServerFixture chef;
    private ChefServerDirectory directory;

    /** The settings of the directory, each test changes what it is about. */
    private record Wanted(
            String rootUrl,
            String superuser,
            RSAPrivateKey key,
            TlsTrust trust,
            Duration cacheTime,
            int timeoutMillis,
            int maxConnections,
            int maxWaiting) {
        Wanted withRootUrl(String value) {
            return new Wanted(value, superuser, key, trust, cacheTime, timeoutMillis, maxConnections, maxWaiting);
        }

        Wanted withSuperuser(String name, RSAPrivateKey value) {
            return new Wanted(rootUrl, name, value, trust, cacheTime, timeoutMillis, maxConnections, maxWaiting);
        }

        Wanted withTrust(TlsTrust value) {
            return new Wanted(rootUrl, superuser, key, value, cacheTime, timeoutMillis, maxConnections, maxWaiting);
        }

        Wanted withCacheTime(Duration value) {
            return new Wanted(rootUrl, superuser, key, trust, value, timeoutMillis, maxConnections, maxWaiting);
        }

        Wanted withTimeout(int millis) {
            return new Wanted(rootUrl, superuser, key, trust, cacheTime, millis, maxConnections, maxWaiting);
        }

        Wanted withConnections(int connections, int waiting) {
            return new Wanted(rootUrl, superuser, key, trust, cacheTime, timeoutMillis, connections, waiting);
        }
    }

    @BeforeEach
    void startChefServer() {
        use(ChefServerFixture.start());
    }

    @AfterEach
    void stop() {
        Await.result(vertx.close());
        chef.close();
    }

    private void use(ChefServerFixture fixture) {
        if (chef != null) {
            chef.close();
        }
        chef = fixture.organisation(ORG, GUID).principals(ORG, "alice", ALICE).group(ORG, "operators", OPERATORS);
        directory = directory(wanted());
    }

    private Wanted wanted() {
        return new Wanted(
                chef.rootUrl("localhost"),
                ChefServerFixture.SUPERUSER,
                chef.superuserKey(),
                new TlsTrust.SystemAuthorities(),
                CACHE_TIME,
                5_000,
                64,
                1000);
    }

    private ChefServerDirectory directory(Wanted wanted) {
        return new ChefServerDirectory(
                vertx,
                new DirectoryConfig.ChefServer(
                        URI.create(wanted.rootUrl()),
                        "localhost",
                        chef.internalPort(),
                        wanted.superuser(),
                        wanted.key(),
                        wanted.trust(),
                        wanted.cacheTime(),
                        Duration.ofMillis(wanted.timeoutMillis()),
                        Duration.ofMillis(wanted.timeoutMillis()),
                        wanted.maxConnections(),
                        wanted.maxWaiting()),
                metrics,
                clock,
                timing);
    }

    private Optional<Organisation> organisation(String name) {
        return Await.result(directory.organisation(name));
    }

    private List<Principal> principals(String name) {
        return Await.result(directory.principals(ORG, name));
    }

    private Optional<Group> group(String name) {
        return Await.result(directory.group(ORG, name));
    }

    private Stream<Supplier<Future<?>>> allLookUps() {
        return Stream.of(
                () -> directory.organisation(ORG),
                () -> directory.principals(ORG, "alice"),
                () -> directory.group(ORG, "operators"));
    }

    private static ServerException badGateway(Future<?> lookUp) {
        Throwable failure = Await.failure(lookUp);
        assertThat(failure).isInstanceOf(ServerException.class);
        ServerException refusal = (ServerException) failure;
        assertThat(refusal.status()).as(refusal.getMessage()).isEqualTo(502);
        return refusal;
    }

    @Test
    void organisationsAndGroupsAreAskedForAsTheSuperuser() {
        assertThat(organisation(ORG)).contains(new Organisation(ORG, GUID));
        assertThat(group("operators")).contains(OPERATORS);
        assertThat(chef.requests()).containsExactly("/organizations/acme", "/organizations/acme/groups/operators");
    }

    @Test
    void whatIsNotThereIsEmpty() {
        assertThat(organisation("other")).isEmpty();
        assertThat(group("none")).isEmpty();
        assertThat(principals("nobody")).isEmpty();
    }

    @Test
    void aWrongSuperuserOrKeyIsBadGatewayAndSaidInTheLog() {
        RSAPrivateKey otherKey = (RSAPrivateKey) PemKeys.generate().getPrivate();
        for (Wanted wrong :
                List.of(wanted().withSuperuser("pivotal", otherKey), wanted().withSuperuser("alice", wanted().key()))) {
            try (LogCapture log = new LogCapture(Outage.class)) {
                directory = directory(wrong);

                badGateway(directory.organisation(ORG));

                assertThat(log.messages(Level.WARN))
                        .singleElement()
                        .asString()
                        .contains("status 401", "superuser_name, superuser_key_file");
            }
        }
    }

    @Test
    void aNameCanBelongToAUserAndAClientEachWithSeveralKeys() {
        Principal[] all = {
            new Principal("web-1", Principal.Type.USER, "key 1", false),
            new Principal("web-1", Principal.Type.USER, "key 2", false),
            new Principal("web-1", Principal.Type.CLIENT, "key 3", true),
            new Principal("web-1", Principal.Type.CLIENT, "key 4", true)
        };
        chef.principals(ORG, "web-1", all);

        assertThat(principals("web-1")).containsExactly(all);
    }

    @Test
    void anAnswerOfVersionZeroIsOnePrincipal() {
        chef.answerVersion(0);

        assertThat(principals("alice")).containsExactly(ALICE);
        assertThat(principals("nobody")).isEmpty();
    }

    @Test
    void anOrganisationThatIsGoneIsToldApartFromANameThatIsNotThere() {
        assertThat(organisation(ORG)).isPresent();
        chef.withoutOrganisation(ORG);

        assertThat(Await.failure(directory.principals(ORG, "alice")))
                .isInstanceOf(UnknownOrganisationException.class)
                .hasMessage("organization 'acme' does not exist.");
        assertThat(organisation(ORG)).as("the guid is forgotten").isEmpty();
    }

    @Test
    void anOrganisationMadeAnewUnderTheSameNameGetsItsNewGuid() {
        organisation(ORG);
        chef.withoutOrganisation(ORG);
        Await.failure(directory.principals(ORG, "alice"));

        chef.organisation(ORG, "f".repeat(32));

        assertThat(organisation(ORG)).map(Organisation::guid).contains("f".repeat(32));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../../other/principals/alice",
                "a/b",
                "a\\b",
                "a%2fb",
                "a?b",
                "a#b",
                "a;b",
                "a\nb",
                "a\u0000b",
                "\ud800"
            })
    void namesThatNobodyCanHaveAreNotAskedFor(String name) {
        assertThat(principals(name)).isEmpty();
        assertThat(group(name)).isEmpty();
        assertThat(organisation(name)).isEmpty();
        assertThat(Await.failure(directory.principals(name, "alice"))).isInstanceOf(UnknownOrganisationException.class);
        assertThat(chef.requests()).isEmpty();
    }

    @Test
    void namesAreNotLongerThanTheyCanBe() {
        assertThat(principals("a".repeat(256))).isEmpty();
        assertThat(chef.requests()).isEmpty();
        assertThat(principals("a".repeat(255))).isEmpty();
        assertThat(chef.requests()).hasSize(1);
    }

    @Test
    void namesAreEncodedInThePathAndInTheSignature() {
        String odd = "Zoë & co.@~_-:+";
        chef.organisation(odd, GUID).group(odd, odd, OPERATORS);
        chef.principals(odd, odd, new Principal(odd, Principal.Type.USER, "key", true));

        assertThat(organisation(odd)).isPresent();
        assertThat(Await.result(directory.group(odd, odd))).contains(OPERATORS);
        assertThat(Await.result(directory.principals(odd, odd))).hasSize(1);
        assertThat(chef.requests())
                .allMatch(path -> path.startsWith("/organizations/Zo%C3%AB%20%26%20co.%40~_-%3A%2B"));
    }

    static Stream<Arguments> unusableAnswers() {
        return Stream.of(
                        new Fault.Answer(500, "{\"error\":[\"internal\"]}"),
                        new Fault.Answer(503, ""),
                        new Fault.Answer(403, "{\"error\":[\"missing read permission\"]}"),
                        new Fault.Answer(400, "{}"),
                        new Fault.Answer(301, ""),
                        new Fault.Answer(204, ""),
                        new Fault.Answer(200, ""),
                        new Fault.Answer(200, "[]"),
                        new Fault.Answer(200, "{}"),
                        new Fault.Answer(200, "{\"guid\":"),
                        new Fault.Answer(200, "{\"guid\":\"not hex\",\"users\":[1],\"clients\":[],\"groups\":[]}"),
                        new Fault.Answer(200, "<html>welcome</html>"),
                        new Fault.Answer(404, "<html>not found</html>"),
                        new Fault.Answer(404, ""))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("unusableAnswers")
    void everythingThatIsNoAnswerIsBadGateway(Fault.Answer answer) {
        chef.fail(answer);

        allLookUps()
                .forEach(lookUp -> assertThat(badGateway(lookUp.get()))
                        .hasMessage("the Chef server cannot be used now (unusable answer); try again later"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"mallory\",\"type\":\"user\",\"public_key\":\"k\",\"org_member\":true}",
                "{\"name\":\"alice\",\"type\":\"robot\",\"public_key\":\"k\",\"org_member\":true}",
                "{\"name\":\"alice\",\"type\":\"user\",\"org_member\":true}",
                "{\"name\":\"alice\",\"type\":\"user\",\"public_key\":\"k\"}",
                "{\"name\":\"alice\",\"type\":\"user\",\"public_key\":\"k\",\"org_member\":\"true\"}",
                "{\"principals\":[{}]}",
                "{\"principals\":{}}",
                "{\"principals\":[7]}"
            })
    void aPrincipalThatLacksSomethingIsBadGateway(String body) {
        chef.fail(new Fault.Answer(200, body));

        badGateway(directory.principals(ORG, "alice"));
    }

    @Test
    void aNotFoundForSomethingElseIsBadGateway() {
        chef.fail(new Fault.Answer(404, "{\"not_found\":\"route\"}"));

        badGateway(directory.principals(ORG, "alice"));
    }

    @Test
    void aPrincipalWithoutAKeyIsNobody() {
        chef.fail(new Fault.Answer(
                200,
                "{\"principals\":[{\"name\":\"alice\",\"type\":\"user\",\"public_key\":null,\"org_member\":true}]}"));

        assertThat(principals("alice")).isEmpty();
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        chef.fail(new Fault.Answer(200, "[" + " ".repeat(ChefServerConnection.MAX_ANSWER_BYTES)));

        badGateway(directory.organisation(ORG));
    }

    @Test
    void anAnswerThatDoesNotComeInTimeIsBadGatewayAndTheNextIsFine() {
        directory = directory(wanted().withTimeout(300));
        for (Fault fault : List.of(new Fault.Late(20_000), new Fault.Stuck())) {
            chef.fail(fault);

            long began = System.nanoTime();
            allLookUps()
                    .forEach(lookUp -> assertThat(badGateway(lookUp.get())).hasMessageContaining("no answer in time"));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));

            chef.recover();
            assertThat(organisation(ORG)).isPresent();
            directory = directory(wanted().withTimeout(300));
        }
    }

    @Test
    void aChefServerThatIsDownIsBadGatewayUntilItIsBackWithOneLineAtEachEnd() {
        try (LogCapture log = new LogCapture(Outage.class)) {
            chef.goDown();
            for (int i = 0; i < 3; i++) {
                allLookUps()
                        .forEach(lookUp -> assertThat(badGateway(lookUp.get())).hasMessageContaining("no connection"));
            }
            assertThat(log.messages(Level.WARN))
                    .hasSize(2)
                    .anyMatch(line -> line.contains("[url: http://localhost:" + chef.internalPort()))
                    .anyMatch(line -> line.contains("[url: " + chef.rootUrl("localhost")));
            assertThat(available()).containsOnly(0.0);

            chef.comeBack();
            allLookUps().forEach(lookUp -> Await.result(lookUp.get()));

            assertThat(log.messages(Level.INFO))
                    .hasSize(2)
                    .anyMatch(line -> line.contains("failed look-ups: 3]"))
                    .anyMatch(line -> line.contains("failed look-ups: 6]"));
            assertThat(available()).containsOnly(1.0);
        }
    }

    @Test
    void outagesOneAfterTheOtherAreLoggedOnceAMinute() {
        try (LogCapture log = new LogCapture(Outage.class)) {
            directory = directory(wanted().withCacheTime(Duration.ZERO));
            for (int i = 0; i < 5; i++) {
                chef.failNext(new Fault.Answer(500, ""));
                badGateway(directory.group(ORG, "operators"));
                assertThat(group("operators")).isPresent();
            }
            assertThat(log.messages(Level.WARN)).hasSize(1);
            assertThat(log.messages(Level.INFO)).hasSize(1);

            chef.fail(new Fault.Answer(500, ""));
            badGateway(directory.group(ORG, "operators"));
            clock.forward(Duration.ofSeconds(61));
            badGateway(directory.group(ORG, "operators"));
            assertThat(log.messages(Level.WARN)).hasSize(2);
        }
    }

    private List<Double> available() {
        return meters.get(DirectoryMetrics.AVAILABLE).gauges().stream()
                .map(gauge -> gauge.value())
                .toList();
    }

    @Test
    void callsAreCountedWithTheirOutcome() {
        group("operators");
        group("operators");
        group("none");
        chef.fail(new Fault.Answer(500, ""));
        badGateway(directory.group(ORG, "other"));

        assertThat(calls("group", "answered")).isEqualTo(2);
        assertThat(calls("group", "failed")).isEqualTo(1);
        assertThat(calls("principals", "answered")).isZero();
    }

    private long calls(String call, String outcome) {
        return meters.get(DirectoryMetrics.CALLS)
                .tags("call", call, "outcome", outcome)
                .timer()
                .count();
    }

    @Test
    void aKeptConnectionThatIsClosedMeanwhileDoesNotFailTheLookUp() {
        organisation(ORG);
        chef.failNext(new Fault.Closed());

        assertThat(group("operators")).contains(OPERATORS);

        chef.fail(new Fault.Closed());
        assertThat(badGateway(directory.group(ORG, "none"))).hasMessageContaining("it closed the connection");
    }

    @Test
    void twoHundredLookUpsOfTheSameAtTheSameTimeAreOneRequest() {
        chef.fail(new Fault.Late(300));
        allLookUps().forEach(lookUp -> {
            int before = chef.requests().size();
            List<Future<?>> all = new ArrayList<>();
            IntStream.range(0, 200).forEach(_ -> all.add(lookUp.get()));

            Await.result(Future.all(all));

            assertThat(chef.requests()).hasSize(before + 1);
            assertThat(all)
                    .extracting(future -> (Object) future.result())
                    .containsOnly(all.getFirst().result());
        });
    }

    @Test
    void aLookUpThatFailsFailsForAllWhoWaitAndIsTriedAnewByTheNext() {
        chef.failNext(new Fault.LateAnswer(500, 500));
        List<Future<?>> all = new ArrayList<>();
        IntStream.range(0, 50).forEach(_ -> all.add(directory.group(ORG, "operators")));

        all.forEach(ChefServerDirectoryIT::badGateway);

        assertThat(chef.requests()).hasSize(1);
        assertThat(group("operators")).isPresent();
    }

    @Test
    void everyCallerGetsTheAnswerOnItsOwnContext() {
        chef.fail(new Fault.Late(100));
        List<Future<Boolean>> onOwn = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 4; i++) {
            Context context = vertx.getOrCreateContext();
            Promise<Boolean> promise = Promise.promise();
            onOwn.add(promise.future());
            context.runOnContext(_ -> {
                Thread thread = Thread.currentThread();
                directory.group(ORG, "operators").onComplete(_ -> promise.complete(Thread.currentThread() == thread));
            });
        }

        assertThat(onOwn).allMatch(Await::result);
        assertThat(chef.requests()).hasSize(1);
    }

    @Test
    void answersCountForTheCacheTimeAndNegativeOnesForAFifth() {
        allLookUps().forEach(lookUp -> Await.result(lookUp.get()));
        principals("bob");
        group("none");
        organisation("other");
        assertThat(chef.requests()).hasSize(6);

        timing.forward(CACHE_TIME.dividedBy(10));
        allLookUps().forEach(lookUp -> Await.result(lookUp.get()));
        principals("bob");
        group("none");
        organisation("other");
        assertThat(chef.requests()).as("all are remembered").hasSize(6);

        timing.forward(CACHE_TIME.dividedBy(5));
        chef.principals(ORG, "bob", new Principal("bob", Principal.Type.USER, "key", true));
        chef.group(ORG, "none", OPERATORS).organisation("other", GUID);
        allLookUps().forEach(lookUp -> Await.result(lookUp.get()));
        assertThat(chef.requests()).as("what was there").hasSize(6);
        assertThat(principals("bob")).hasSize(1);
        assertThat(group("none")).isPresent();
        assertThat(organisation("other")).isPresent();

        timing.forward(CACHE_TIME);
        chef.withoutGroup(ORG, "operators").organisation(ORG, "f".repeat(32));
        assertThat(group("operators")).isEmpty();
        assertThat(organisation(ORG)).as("asked for once").contains(new Organisation(ORG, GUID));
    }

    @Test
    void withoutACacheEveryChangeCountsAtOnce() {
        directory = directory(wanted().withCacheTime(Duration.ZERO));
        group("operators");
        group("none");
        chef.withoutGroup(ORG, "operators").group(ORG, "none", OPERATORS);

        assertThat(group("operators")).isEmpty();
        assertThat(group("none")).isPresent();
    }

    @Test
    void connectionsAndLookUpsThatWaitAreBounded() {
        directory = directory(wanted().withConnections(2, 3));
        chef.fail(new Fault.Late(500));
        List<Future<?>> all = new ArrayList<>();
        long began = System.nanoTime();
        IntStream.range(0, 20).forEach(i -> all.add(directory.group(ORG, "group-" + i)));

        List<Future<?>> refused = all.stream()
                .filter(lookUp ->
                        Await.result(lookUp.<Boolean>transform(result -> Future.succeededFuture(result.failed()))))
                .toList();

        assertThat(refused)
                .hasSize(15)
                .allSatisfy(lookUp -> assertThat(badGateway(lookUp)).hasMessageContaining("too many look-ups wait"));
        assertThat(chef.mostAtOnce()).isEqualTo(2);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aLookUpDoesNotWaitForAConnectionForEver() {
        directory = directory(wanted().withTimeout(300).withConnections(1, 100));
        chef.fail(new Fault.Stuck());
        List<Future<?>> all = new ArrayList<>();
        long began = System.nanoTime();
        IntStream.range(0, 20).forEach(i -> all.add(directory.group(ORG, "group-" + i)));

        all.forEach(ChefServerDirectoryIT::badGateway);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void theCertificateMustComeFromATrustedAuthority() {
        use(ChefServerFixture.startTls(LOCALHOST));
        TlsTrust trusted = new TlsTrust.Authorities(AUTHORITY.certificatePem());
        TlsTrust several = new TlsTrust.Authorities(new TestAuthority().certificatePem() + AUTHORITY.certificatePem());
        TlsTrust other = new TlsTrust.Authorities(new TestAuthority().certificatePem());

        for (TlsTrust wrong : List.of(other, new TlsTrust.SystemAuthorities())) {
            try (LogCapture log = new LogCapture(Outage.class)) {
                directory = directory(wanted().withTrust(wrong));
                assertThat(badGateway(directory.organisation(ORG))).hasMessageContaining("no secure connection");
                assertThat(log.messages(Level.WARN)).singleElement().asString().contains("certification path");
            }
        }
        assertThat(chef.requests()).as("nothing is sent to a stranger").isEmpty();
        for (TlsTrust right : List.of(trusted, several, new TlsTrust.Anyone())) {
            directory = directory(wanted().withTrust(right));
            assertThat(organisation(ORG)).isPresent();
        }
    }

    @Test
    void theCertificateMustBeForTheHost() {
        use(ChefServerFixture.startTls(AUTHORITY.identity("chef.example.com")));

        directory = directory(wanted().withTrust(new TlsTrust.Authorities(AUTHORITY.certificatePem())));
        assertThat(badGateway(directory.organisation(ORG))).hasMessageContaining("no secure connection");

        directory = directory(wanted().withTrust(new TlsTrust.Anyone()));
        assertThat(organisation(ORG)).isPresent();
    }

    @Test
    void plainHttpWhereTlsIsSpokenIsBadGatewayAndTheOtherWayRound() {
        directory = directory(wanted().withRootUrl(chef.rootUrl("localhost").replace("http:", "https:")));
        badGateway(directory.organisation(ORG));

        use(ChefServerFixture.startTls(LOCALHOST));
        directory = directory(wanted().withRootUrl(chef.rootUrl("localhost").replace("https:", "http:")));
        badGateway(directory.organisation(ORG));
    }

    @Test
    void nestedGroupsAreFollowedThroughCycles() {
        Permissions permissions = new Permissions(directory, ReadAccess.ORGANIZATION);
        chef.group(ORG, "pushy_job_writers", new Group(Set.of(), Set.of(), Set.of("a", "missing")))
                .group(ORG, "a", new Group(Set.of(), Set.of(), Set.of("b", "pushy_job_writers")))
                .group(ORG, "b", new Group(Set.of("alice"), Set.of(), Set.of("a")));

        assertThat(Await.result(permissions.canWrite(ORG, ALICE))).isTrue();
        assertThat(Await.result(permissions.canWrite(ORG, new Principal("bob", Principal.Type.USER, "k", true))))
                .isFalse();
        assertThat(chef.requests()).as("each once").hasSize(4).doesNotHaveDuplicates();
    }
}
