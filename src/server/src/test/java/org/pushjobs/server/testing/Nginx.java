package org.pushjobs.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real nginx in front of a server, configured as the Chef server configures its own: regular expressions for the two
 * places, no URI in {@code proxy_pass}, HTTP/1.0 and a new connection for each request, TLS ended before it.
 */
public final class Nginx implements AutoCloseable {
    private static final Duration TO_START = Await.DEADLINE;
    private static final Duration TO_STOP = Duration.ofSeconds(10);
    private static final int TO_INSTALL_SECONDS = 180;

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it; the test is skipped where there is no nginx and it cannot be installed.
     *
     * @param directory for its files
     * @param upstreamPort of the server, on this machine
     */
    public static Nginx start(Path directory, int upstreamPort) throws IOException, InterruptedException {
        Path binary = binary();
        int port = FreePort.pick(); // nginx cannot choose one itself
        Path home = Files.createDirectories(directory.resolve("nginx"));
        Path config = Files.writeString(home.resolve("nginx.conf"), config(home, port, upstreamPort));
        Path log = home.resolve("nginx.log");
        Process process = new ProcessBuilder(
                        binary.toString(), "-p", home.toString(), "-c", config.toString(), "-e", "stderr")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Nginx nginx = new Nginx(process, port);
        try {
            Await.until("nginx to listen", TO_START, () -> {
                assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
                return accepts(port);
            });
            return nginx;
        } catch (AssertionError e) {
            nginx.close();
            throw new AssertionError("nginx does not start: " + Files.readString(log), e);
        }
    }

    private static String config(Path home, int port, int upstreamPort) {
        String user = isRoot() ? "user root;" : "";
        return """
                %1$s
                daemon off;
                worker_processes 1;
                pid %2$s/nginx.pid;
                events { worker_connections 512; }
                http {
                  access_log off;
                  client_body_temp_path %2$s/body;
                  proxy_temp_path %2$s/proxy;
                  fastcgi_temp_path %2$s/fastcgi;
                  uwsgi_temp_path %2$s/uwsgi;
                  scgi_temp_path %2$s/scgi;
                  client_max_body_size 250m;
                  upstream opscode_pushy { server 127.0.0.1:%4$d; }
                  server {
                    listen 127.0.0.1:%3$d;
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Real-IP $remote_addr;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto https;
                    proxy_pass_request_headers on;
                    proxy_send_timeout 300;
                    proxy_read_timeout 300;
                    location ~ "^/pushy/_status/?$" {
                      types { }
                      default_type application/json;
                      proxy_pass http://opscode_pushy;
                    }
                    location ~ "^/organizations/[a-z0-9\\-_]+?/pushy/{0,1}" {
                      proxy_redirect http://opscode_pushy /;
                      proxy_pass http://opscode_pushy;
                    }
                    location / { return 404 "not for the push jobs server"; }
                  }
                }
                """.formatted(user, home, port, upstreamPort);
    }

    private static Path binary() throws IOException, InterruptedException {
        Optional<Path> found = find();
        if (found.isEmpty() && isRoot() && Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
            install();
            found = find();
        }
        Assumptions.assumeTrue(
                found.isPresent(), "there is no nginx on this machine and this user cannot install it with apt-get");
        return found.orElseThrow();
    }

    private static Optional<Path> find() {
        return Stream.concat(
                        Stream.of("/usr/sbin", "/usr/local/sbin"),
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")))
                .map(directory -> Path.of(directory, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Without starting the service of the package; a failure is seen by the caller, who then finds no nginx. */
    private static void install() throws IOException, InterruptedException {
        for (String command :
                new String[] {"apt-get -q update", "apt-get -q -y install --no-install-recommends nginx-light"}) {
            ProcessBuilder builder = new ProcessBuilder(command.split(" ")).inheritIO();
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            builder.environment().put("RUNLEVEL", "1");
            Process apt = builder.start();
            if (!apt.waitFor(TO_INSTALL_SECONDS, TimeUnit.SECONDS)) {
                apt.destroy();
            }
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, TO_STOP.toMillis(), TimeUnit.MILLISECONDS)
                .join()
                .destroyForcibly();
    }
}
