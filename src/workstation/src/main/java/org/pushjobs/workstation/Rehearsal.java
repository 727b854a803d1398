package org.pushjobs.workstation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.screen.CalledAs;
import org.pushjobs.workstation.screen.Display;
import org.pushjobs.workstation.screen.LiveProgress;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.SettingsSources;

/**
 * Runs the usual commands against a server of its own, so that the Java runtime can write down what they need to start
 * quickly (docs/decisions/0019). The launchers run it; it neither reads nor changes anything of the user's.
 */
final class Rehearsal {
    private static final String ID = "0123456789ab0123456789abcdef0123";
    private static final Display TERMINAL = new Display(CalledAs.PUSHJOBS, true, true);
    private static final char[] PASSWORD = "rehearsal".toCharArray();
    private static final List<String> COMMANDS = List.of(
            "--help",
            "job start --help",
            "node status",
            "node status --why -F json",
            "job start --capture chef-client web-1",
            "job start --follow chef-client web-1",
            "job start --search role:web chef-client",
            "job status " + ID,
            "job list",
            "job list --by rehearsal --since 2h",
            "job events " + ID,
            "job list --limit 10 -F yaml",
            "job watch " + ID,
            "job output " + ID + " web-1",
            "job abort " + ID,
            "whoami",
            "doctor",
            "__complete node status w");

    private final Path home;

    private Rehearsal(Path home) {
        this.home = home;
    }

    /** @param arguments a directory for what is needed; it is left there */
    public static void main(String[] arguments)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        new Rehearsal(Path.of(arguments[0])).run();
    }

    private void run() throws IOException, GeneralSecurityException, OperatorCreationException {
        KeyPair keys = PemKeys.generate();
        X509Certificate certificate = certificate(keys);
        Files.createDirectories(home.resolve(".chef/trusted_certs"));
        Files.writeString(
                home.resolve(".chef/trusted_certs/server.crt"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        Files.writeString(home.resolve(".chef/key.pem"), PemKeys.toPem((RSAPrivateKey) keys.getPrivate()));
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        commands("http", HttpServer.create(anyPort, 0));
        HttpsServer secure = HttpsServer.create(anyPort, 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(context(keys, certificate)));
        commands("https", secure);
    }

    private void commands(String scheme, HttpServer server) throws IOException {
        server.createContext("/", Rehearsal::answer);
        server.start();
        Files.writeString(home.resolve(".chef/credentials"), """
                [default]
                client_name = "rehearsal"
                client_key = "key.pem"
                chef_server_url = "%s://localhost:%d/organizations/acme"
                """.formatted(
                        scheme, server.getAddress().getPort()));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Screen screen = new Screen(nowhere, nowhere, out -> new LiveProgress(out, () -> 80), TERMINAL);
        Connector connector = new Connector(new SettingsSources(Map.of(), home, home), Clock.systemUTC(), _ -> {});
        for (String command : COMMANDS) {
            new CommandTree("pushjobs", screen, connector, Clock.systemUTC(), _ -> {}, _ -> () -> {})
                    .run(command.split(" "));
        }
        server.stop(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] body = body(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("X-Request-Id", "1");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String body(String method, String path) {
        String job = """
                {"id":"%s","command":"chef-client","status":"complete","run_timeout":3600,"nodes":{"succeeded":["web-1"]},
                 "created_at":"Sun, 22 Nov 2026 11:00:00 GMT","updated_at":"Sun, 22 Nov 2026 11:00:01 GMT",
                 "detail":{"requested_by":"alice","quorum":1,"nodes":{"web-1":{"status":"succeeded","exit_code":0,
                   "started_at":"2026-11-22T11:00:00.100Z","finished_at":"2026-11-22T11:00:00.900Z"}}}}""".formatted(ID);
        if (path.contains("/job_status_feed/")) {
            return """
                    event: job_complete
                    id: 1
                    data: {"timestamp":"2026-11-22 11:00:00.000000Z","status":"complete"}

                    """;
        }
        if (path.endsWith("/search/node")) {
            return "{\"total\":1,\"start\":0,\"rows\":[{\"data\":{\"name\":\"web-1\"}}]}";
        }
        if (path.endsWith("/node_states")) {
            return """
                    [{"node_name":"web-1","availability":"available","detail":{"last_seen":"Sun, 22 Nov 2026 11:00:00 GMT"}}]""";
        }
        return path.endsWith("/jobs") && method.equals("GET") ? "[" + job + "]" : job;
    }

    private static X509Certificate certificate(KeyPair keys)
            throws GeneralSecurityException, OperatorCreationException {
        X500Name name = new X500Name("CN=localhost");
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder certificate = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofHours(1))),
                name,
                keys.getPublic());
        return new JcaX509CertificateConverter()
                .getCertificate(
                        certificate.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
    }

    private static SSLContext context(KeyPair keys, X509Certificate certificate)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", keys.getPrivate(), PASSWORD, new Certificate[] {certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
