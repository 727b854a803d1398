package org.pushjobs.ctl.apitest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.apitest.ApiTestRun.Given;

/** Those whom the operator has named; they stay. */
record GivenDirectory(Given given) implements TestDirectory {
    @Override
    public People make(String name) throws CtlException {
        return new People(
                given.organisation(), given.user(), read(given.userKey()), given.client(), read(given.clientKey()));
    }

    private static String read(Path file) throws CtlException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CtlException(file + " cannot be read: " + e, e);
        }
    }

    @Override
    public void remove() {
        // nobody was made
    }
}
