package org.pushjobs.server.feeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.server.config.ServerConfig.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FeedClient;
import org.pushjobs.server.testing.FeedClient.Event;
import org.pushjobs.server.testing.FeedClient.Request;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;

/** Feeds behind nginx as the Chef server has it: HTTP/1.0 to the server, no setting against buffering. */
@ExtendWith(PostgresExtension.class)
class FeedsThroughNginxIT {
    private static final Path NGINX = Path.of("/usr/sbin/nginx");

    @TempDir
    Path directory;

    @Test
    void eventsArriveAtOnceAndFeedsEnd(DatabaseConfig.External database) throws Exception {
        assumeThat(NGINX).isExecutable();
        JsonObject settings = TestConfig.settings(database).put("keep_alive_time", 1);
        try (RunningServer server = RunningServer.start(directory, settings, database, 1);
                ApiClient admin = server.admin()) {
            int port = freePort();
            Process nginx = startNginx(port, server.ports().api());
            try {
                // when
                try (FeedClient organisation =
                        FeedClient.open(server.organisation(), port, Request.of("job_status_feed"))) {
                    String job = admin.startJob("anything", List.of("node-1"));

                    // then
                    assertThat(organisation.awaitEvents(2).stream().map(Event::name))
                            .containsExactly("start", "job_complete");
                    Await.until("a keep-alive", () -> organisation.keepAlives() > 0);
                    assertThat(organisation.isEnded()).isFalse();
                    try (FeedClient feed =
                            FeedClient.open(server.organisation(), port, Request.of("job_status_feed/" + job))) {
                        assertThat(feed.awaitEnd().stream().map(Event::name))
                                .containsExactly("start", "quorum_vote", "rehab", "job_complete");
                    }
                }
            } finally {
                nginx.destroy();
                assertThat(nginx.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    private Process startNginx(int port, int apiPort) throws IOException {
        Path config = Files.writeString(directory.resolve("nginx.conf"), """
                daemon off;
                worker_processes 1;
                pid %1$s/nginx.pid;
                error_log %1$s/nginx-error.log;
                events { worker_connections 256; }
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  upstream opscode_pushy { server 127.0.0.1:%3$d; }
                  server {
                    listen 127.0.0.1:%2$d;
                    location / {
                      proxy_set_header Host $http_host;
                      proxy_pass http://opscode_pushy;
                    }
                  }
                }
                """.formatted(directory, port, apiPort));
        Process nginx = new ProcessBuilder(NGINX.toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nginx.out").toFile())
                .start();
        Await.until("nginx listens", () -> {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return socket.isConnected();
            }
        });
        return nginx;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
