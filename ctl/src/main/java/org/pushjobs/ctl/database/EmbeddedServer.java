package org.pushjobs.ctl.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.ctl.CtlException;

/** The database that a server without a PostgreSQL of its own runs with; it listens while that server runs. */
public final class EmbeddedServer {
    private static final String NAME = "opscode_pushy";

    /** The line of PostgreSQL's file in which its port stands, from 0. */
    private static final int PORT_LINE = 3;

    private EmbeddedServer() {}

    /**
     * How to connect to it; empty when it does not run.
     *
     * @param directory of its data, as the server has it in its settings
     * @throws CtlException when the files cannot be read
     */
    public static Optional<DatabaseConfig.External> in(Path directory) throws CtlException {
        try {
            List<String> lines = Files.readAllLines(directory.resolve("data/postmaster.pid"));
            String password = Files.readString(directory.resolve("password")).strip();
            return lines.size() > PORT_LINE
                            && ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                                    .isPresent()
                    ? Optional.of(new DatabaseConfig.External(
                            "127.0.0.1", Integer.parseInt(lines.get(PORT_LINE).strip()), NAME, NAME, password, 1))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | NumberFormatException e) {
            throw new CtlException(
                    "the embedded database in " + directory + " cannot be looked at (" + e
                            + "); run this command as root",
                    e);
        }
    }
}
