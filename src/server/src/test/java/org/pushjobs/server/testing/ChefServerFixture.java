package org.pushjobs.server.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.request.RequestAuthenticationException;
import org.pushjobs.protocol.request.SignedRequest;
import org.pushjobs.server.directory.Group;
import org.pushjobs.server.directory.Principal;

/**
 * Speaks the part of the Chef server's protocol that the push jobs server uses, over real HTTP: on one port what erchef
 * answers to unsigned requests, on another, with TLS if wanted, what it answers to its superuser, whose signature it
 * checks, and who can make users, clients and organisations. Does what a test scripts: answers late, wrongly or not at all. Usable from any thread.
 */
public final class ChefServerFixture implements AutoCloseable {
    public static final String SUPERUSER = "pivotal";

    private static final KeyPair SUPERUSER_KEYS = PemKeys.generate();
    private static final String LOOPBACK = "127.0.0.1";

    /** What happens to a request instead of the right answer. */
    public sealed interface Fault {
        /** The right answer, later. */
        record Late(long millis) implements Fault {}

        record Answer(int status, String body) implements Fault {}

        /** An answer without a body, later. */
        record LateAnswer(long millis, int status) implements Fault {}

        /** The connection is closed without an answer. */
        record Closed() implements Fault {}

        /** The beginning of an answer that does not go on. */
        record Stuck() implements Fault {}
    }

    private final Vertx vertx = Vertx.vertx();
    private final HttpServerOptions rootOptions;
    private final String rootScheme;
    private final Map<String, String> guids = new ConcurrentHashMap<>();
    private final Map<String, List<Principal>> principals = new ConcurrentHashMap<>();
    private final Map<String, Group> groups = new ConcurrentHashMap<>();
    private final ChefServerChanges changes = new ChefServerChanges(guids, principals, groups);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Queue<Fault> next = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private volatile Optional<Fault> always = Optional.empty();
    private volatile int answerVersion = 1;
    private volatile int internalPort;
    private volatile int rootPort;
    private HttpServer internal;
    private HttpServer root;

    private ChefServerFixture(String rootScheme, HttpServerOptions rootOptions, int internalPort, int rootPort) {
        this.rootScheme = rootScheme;
        this.rootOptions = rootOptions;
        this.internalPort = internalPort;
        this.rootPort = rootPort;
        listen();
        this.internalPort = internal.actualPort();
        this.rootPort = root.actualPort();
    }

    public static ChefServerFixture start() {
        return startOn(0, 0);
    }

    /**
     * On ports that others know.
     *
     * @param internalPort for unsigned requests; 0 takes a free one
     * @param rootPort for signed requests; 0 takes a free one
     */
    public static ChefServerFixture startOn(int internalPort, int rootPort) {
        return new ChefServerFixture("http", new HttpServerOptions(), internalPort, rootPort);
    }

    /** With TLS on the port for signed requests. */
    public static ChefServerFixture startTls(TestAuthority.Identity identity) {
        return new ChefServerFixture(
                "https",
                new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(identity.certificatePem()))
                                .addKeyValue(Buffer.buffer(identity.privateKeyPem()))),
                0,
                0);
    }

    private void listen() {
        internal = vertx.createHttpServer().requestHandler(request -> serve(request, this::answerUnsigned));
        root = vertx.createHttpServer(rootOptions).requestHandler(request -> serve(request, this::answerSigned));
        Await.result(Future.all(internal.listen(internalPort, LOOPBACK), root.listen(rootPort, LOOPBACK)));
    }

    /** Nobody answers any more until {@link #comeBack}. */
    public void goDown() {
        Await.result(Future.all(internal.close(), root.close()));
    }

    /** On the same ports. */
    public void comeBack() {
        listen();
    }

    public RSAPrivateKey superuserKey() {
        return (RSAPrivateKey) SUPERUSER_KEYS.getPrivate();
    }

    /**
     * Settings of a push jobs server beside it.
     *
     * @param directory gets the superuser's key
     */
    public JsonObject settings(Path directory, DatabaseConfig.External database) throws IOException {
        Path key = Files.writeString(directory.resolve("pivotal.pem"), PemKeys.toPem(superuserKey()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return TestConfig.settings(database)
                .put("directory", "chef_server")
                .put("erchef_root_url", rootUrl("localhost"))
                .put("erchef_port", internalPort())
                .put("superuser_key_file", key.getFileName().toString());
    }

    public int internalPort() {
        return internalPort;
    }

    /** @param host a name of this machine */
    public String rootUrl(String host) {
        return rootScheme + "://" + host + ":" + rootPort;
    }

    public ChefServerFixture organisation(String name, String guid) {
        guids.put(name, guid);
        return this;
    }

    public ChefServerFixture withoutOrganisation(String name) {
        guids.remove(name);
        return this;
    }

    /** One entry for each key. */
    public ChefServerFixture principals(String orgName, String name, Principal... entries) {
        principals.put(orgName + "/" + name, List.of(entries));
        return this;
    }

    public ChefServerFixture group(String orgName, String name, Group group) {
        groups.put(orgName + "/" + name, group);
        return this;
    }

    public ChefServerFixture withoutGroup(String orgName, String name) {
        groups.remove(orgName + "/" + name);
        return this;
    }

    /** 0 for a server that knows no other. */
    public ChefServerFixture answerVersion(int version) {
        answerVersion = version;
        return this;
    }

    /** What happens to the next requests, one each. */
    public void failNext(Fault... faults) {
        next.addAll(List.of(faults));
    }

    /** What happens to all requests. */
    public void fail(Fault fault) {
        always = Optional.of(fault);
    }

    public void recover() {
        always = Optional.empty();
        next.clear();
    }

    /** The paths asked for, as they arrived, oldest first. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** How many requests were being answered at the same time, at most. */
    public int mostAtOnce() {
        return mostOpen.get();
    }

    private interface Resource {
        void answer(HttpServerRequest request, byte[] body);
    }

    private void serve(HttpServerRequest request, Resource resource) {
        requests.add(request.uri());
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        request.response().closeHandler(_ -> open.decrementAndGet());
        request.response().endHandler(_ -> open.decrementAndGet());
        request.body().onSuccess(body -> {
            Optional<Fault> fault = Optional.ofNullable(next.poll()).or(() -> always);
            if (fault.isEmpty()) {
                resource.answer(request, body.getBytes());
                return;
            }
            switch (fault.get()) {
                case Fault.Late(long millis) ->
                    vertx.timer(millis, TimeUnit.MILLISECONDS)
                            .onSuccess(_ -> resource.answer(request, body.getBytes()));
                case Fault.Answer(int status, String text) ->
                    request.response().setStatusCode(status).end(text);
                case Fault.LateAnswer(long millis, int status) ->
                    vertx.timer(millis, TimeUnit.MILLISECONDS)
                            .onSuccess(_ ->
                                    request.response().setStatusCode(status).end());
                case Fault.Closed() -> request.connection().close();
                case Fault.Stuck() -> request.response().setChunked(true).write("{");
            }
        });
    }

    private void answerUnsigned(HttpServerRequest request, byte[] body) {
        String[] path = request.path().substring(1).split("/");
        if (path.length != 4 || !path[0].equals("organizations") || !path[2].equals("principals")) {
            answer(request, 404, error("no such resource without a signature"));
            return;
        }
        String orgName = decoded(path[1]);
        Optional<List<Principal>> found = Optional.ofNullable(principals.get(orgName + "/" + decoded(path[3])));
        if (!guids.containsKey(orgName)) {
            answer(request, 404, error("Cannot find org " + orgName).put("not_found", "org"));
        } else if (found.isEmpty()) {
            answer(request, 404, error("Cannot find principal " + path[3]).put("not_found", "principal"));
        } else {
            answerPrincipals(request, found.get());
        }
    }

    private void answerPrincipals(HttpServerRequest request, List<Principal> found) {
        boolean versionOne = answerVersion == 1 && "1".equals(request.getHeader("X-Ops-Server-API-Version"));
        List<JsonObject> entries = found.stream()
                .map(principal -> new JsonObject()
                        .put("name", principal.name())
                        .put("type", principal.type().name().toLowerCase(Locale.ROOT))
                        .put("public_key", principal.publicKeyPem())
                        .put("authz_id", "0".repeat(32))
                        .put("org_member", principal.orgMember()))
                .toList();
        if (versionOne) {
            request.response()
                    .putHeader(
                            "X-Ops-Server-API-Version",
                            "{\"min_version\":\"0\",\"max_version\":\"1\",\"request_version\":\"1\",\"response_version\":\"1\"}");
        }
        answer(
                request,
                200,
                versionOne ? new JsonObject().put("principals", new JsonArray(entries)) : entries.getFirst());
    }

    private void answerSigned(HttpServerRequest request, byte[] body) {
        if (!isSignedBySuperuser(request, body)) {
            answer(request, 401, error("Failed to authenticate as '" + request.getHeader("X-Ops-UserId") + "'."));
            return;
        }
        String[] path = request.path().substring(1).split("/");
        if (request.method() != HttpMethod.GET) {
            List<String> parts = Stream.of(path).map(ChefServerFixture::decoded).toList();
            JsonObject wanted = body.length == 0 ? new JsonObject() : new JsonObject(Buffer.buffer(body));
            answer(request, changes.make(request.method().name(), parts, wanted), new JsonObject());
            return;
        }
        String orgName = path.length > 1 ? decoded(path[1]) : "";
        if (!path[0].equals("organizations") || !guids.containsKey(orgName)) {
            answer(request, 404, error("organization '" + orgName + "' does not exist."));
        } else if (path.length == 2) {
            answer(
                    request,
                    200,
                    new JsonObject()
                            .put("name", orgName)
                            .put("full_name", orgName)
                            .put("guid", guids.get(orgName)));
        } else if (path.length == 4 && path[2].equals("groups")) {
            answerGroup(request, orgName, decoded(path[3]));
        } else {
            answer(request, 404, error("no such resource"));
        }
    }

    private void answerGroup(HttpServerRequest request, String orgName, String name) {
        Group group = groups.get(orgName + "/" + name);
        if (group == null) {
            answer(request, 404, error("Cannot load group " + name));
            return;
        }
        List<String> actors = new ArrayList<>(group.users());
        actors.addAll(group.clients());
        answer(
                request,
                200,
                new JsonObject()
                        .put("actors", new JsonArray(actors))
                        .put("users", names(group.users()))
                        .put("clients", names(group.clients()))
                        .put("groups", names(group.groups()))
                        .put("orgname", orgName)
                        .put("name", name)
                        .put("groupname", name));
    }

    private static JsonArray names(Set<String> names) {
        return new JsonArray(List.copyOf(names));
    }

    private static boolean isSignedBySuperuser(HttpServerRequest request, byte[] body) {
        try {
            SignedRequest signed =
                    SignedRequest.parse(name -> Optional.ofNullable(request.getHeader(name)), Instant.now());
            return signed.userId().equals(SUPERUSER)
                    && signed.verify(
                            request.method().name(), request.path(), body, (RSAPublicKey) SUPERUSER_KEYS.getPublic());
        } catch (RequestAuthenticationException e) {
            return false;
        }
    }

    private static String decoded(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static JsonObject error(String message) {
        return new JsonObject().put("error", new JsonArray().add(message));
    }

    private static void answer(HttpServerRequest request, int status, JsonObject body) {
        if (!request.response().closed()) {
            request.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .end(body.toBuffer());
        }
    }

    @Override
    public void close() {
        Await.result(vertx.close());
    }
}
