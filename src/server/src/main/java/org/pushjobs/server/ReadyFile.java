package org.pushjobs.server;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Tells whoever started the server, by a JSON file, that it is ready and which ports it has. */
final class ReadyFile {
    private ReadyFile() {}

    /** The file appears complete or not at all. */
    static void write(Path file, Server.Ports ports) throws IOException {
        String content = new JsonObject()
                .put("api_port", ports.api())
                .put("server_heartbeat_port", ports.heartbeat())
                .put("command_port", ports.command())
                .put("management_port", ports.management())
                .put("pid", ProcessHandle.current().pid())
                .encode();
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, content + "\n");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
