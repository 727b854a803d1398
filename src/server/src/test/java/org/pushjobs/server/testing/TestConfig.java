package org.pushjobs.server.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pushjobs.config.DatabaseConfig;

/** Settings for servers in tests: free ports, fast heartbeats. */
public final class TestConfig {
    /** Heartbeat interval, in milliseconds. */
    public static final int INTERVAL_MILLIS = 1_000;

    private TestConfig() {}

    public static JsonObject settings(DatabaseConfig.External database) {
        return new JsonObject()
                .put("server_name_advertised", "127.0.0.1")
                .put("api_listen_address", "127.0.0.1")
                .put("zeromq_listen_address", "tcp://127.0.0.1")
                .put("api_port", 0)
                .put("server_heartbeat_port", 0)
                .put("command_port", 0)
                .put("management_port", 0)
                .put("heartbeat_interval", INTERVAL_MILLIS)
                .put("down_threshold", 0.3)
                .put("decay_window", 4)
                .put("detect_offline_nodes_interval", 2)
                .put("database", url(database, database.port()));
    }

    /** @param port of a forwarder to the database, or its own */
    public static String url(DatabaseConfig.External database, int port) {
        return "postgresql://" + database.user() + ":" + database.password() + "@" + database.host() + ":" + port + "/"
                + database.database();
    }

    public static Path write(Path directory, JsonObject settings) throws IOException {
        return Files.writeString(directory.resolve("server.json"), settings.encodePrettily());
    }
}
