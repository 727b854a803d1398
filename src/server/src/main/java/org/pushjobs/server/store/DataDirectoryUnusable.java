package org.pushjobs.server.store;

import java.io.IOException;

/** The directory of an embedded database cannot be used, and waiting does not help. The message names the setting. */
class DataDirectoryUnusable extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message for people, with what to do */
    DataDirectoryUnusable(String message) {
        super(message);
    }
}
