package org.pushjobs.ctl.apitest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.files.AtomicFile;
import org.pushjobs.ctl.service.ServerProgram;
import org.pushjobs.ctl.service.Supervisor;

/** The server's own, in which the test has an organisation that goes with it. */
final class StandAloneDirectory implements TestDirectory {
    private final ServerProgram server;
    private final Path scratch;
    private final List<List<String>> removals = new ArrayList<>();

    /** @param scratch where the server's user can read */
    StandAloneDirectory(ServerProgram server, Path scratch) {
        this.server = server;
        this.scratch = scratch;
    }

    @Override
    public People make(String name) throws CtlException, InterruptedException {
        Newcomer user = Newcomer.called(name);
        Newcomer client = Newcomer.called(name + "-agent");
        String organisation = user.name();
        // a test that was broken off may have left a job that goes on
        removals.addFirst(List.of("directory", "org-delete", organisation, "--abandon-jobs", "--confirm"));
        run(List.of("directory", "org-create", organisation));
        removals.addFirst(List.of("directory", "user-delete", user.name(), "--confirm"));
        run(List.of(
                "directory",
                "user-create",
                user.name(),
                "--public-key",
                file(user).toString(),
                "--org",
                organisation,
                "--admin"));
        run(List.of(
                "directory",
                "client-create",
                organisation,
                client.name(),
                "--public-key",
                file(client).toString()));
        return new People(organisation, user.name(), user.privateKey(), client.name(), client.privateKey());
    }

    private Path file(Newcomer who) throws CtlException {
        Path file = scratch.resolve(who.name() + ".pub");
        try {
            AtomicFile.write(
                    file, who.publicKey().getBytes(StandardCharsets.US_ASCII), Access.of(server.user(), "rw-------"));
            return file;
        } catch (IOException e) {
            throw new CtlException(file + " cannot be written: " + e, e);
        }
    }

    private void run(List<String> words) throws CtlException, InterruptedException {
        Supervisor.Answer answer = server.run(words);
        if (answer.status() != Supervisor.GOOD) {
            throw new CtlException(String.join(" ", words.subList(0, 3)) + " was refused: "
                    + answer.text().strip());
        }
    }

    @Override
    public void remove() throws CtlException, InterruptedException {
        List<String> left = new ArrayList<>();
        for (List<String> words : removals) {
            try {
                run(words);
            } catch (CtlException e) {
                left.addAll(e.problems());
            }
        }
        if (!left.isEmpty()) {
            throw new CtlException(left);
        }
    }
}
