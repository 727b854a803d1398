package org.pushjobs.server.store;

import java.nio.file.Path;

/** Another server runs its embedded database in the directory. */
final class DataDirectoryInUse extends DataDirectoryUnusable {
    private static final long serialVersionUID = 1L;

    /** @param server for people */
    DataDirectoryInUse(Path directory, String server) {
        super("data_directory is " + directory + ", which another process uses: " + server
                + " runs its database there; stop it, or give this server a directory of its own");
    }
}
