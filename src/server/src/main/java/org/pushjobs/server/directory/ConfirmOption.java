package org.pushjobs.server.directory;

import org.pushjobs.server.store.DirectoryChanges.Consent;
import picocli.CommandLine.Option;

/** That a change may take away what others may do. */
final class ConfirmOption {
    static final String NAME = "--confirm";

    @Option(names = NAME, description = "Do it although others can do less after it, which is refused without this.")
    private boolean confirmed;

    Consent consent() {
        return confirmed ? Consent.GIVEN : Consent.NOT_GIVEN;
    }
}
