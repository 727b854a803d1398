package org.pushjobs.ctl.plan;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.database.Connections;
import org.pushjobs.ctl.database.Look;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.files.AtomicFile;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.secrets.SecretsReader;
import org.pushjobs.ctl.service.ServerProgram;
import org.pushjobs.ctl.service.Supervisor;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.Installation.Service;
import org.pushjobs.ctl.settings.InstallationReader;

/**
 * Gives the server new keys: to the file of secrets first, then to the file that the server reads, then to the database, by
 * which servers know that they are of one cluster; then the server is restarted. Agents fetch their configuration again by
 * themselves when they hear nothing that they can read. Broken off anywhere, {@link #adopt} goes on.
 */
public final class KeyRotation {
    private final Layout layout;
    private final Supplier<String> machineName;
    private final Duration patience;
    private final PrintWriter out;

    /** @param machineName the full name of this machine */
    public KeyRotation(Layout layout, Supplier<String> machineName, Duration patience, PrintWriter out) {
        this.layout = layout;
        this.machineName = machineName;
        this.patience = patience;
        this.out = out;
    }

    /** What becomes of jobs that have not ended: their nodes become crashed. */
    public enum LiveJobs {
        /** Nothing is done while there are any. */
        ARE_WAITED_FOR,
        ARE_LOST
    }

    /** @throws CtlException when there are no keys yet, jobs go on, or something cannot be changed */
    public void rotate(LiveJobs jobs) throws CtlException, InterruptedException {
        Installation installation = installation();
        SecretsReader.Found old = new SecretsReader(layout, installation).read();
        SecretsReader.Found fresh = new SecretsReader(layout, installation).readWithNewKeys();
        if (jobs == LiveJobs.ARE_WAITED_FOR) {
            requireNoJobs(installation, old);
        }
        Path file = fresh.file().file();
        try {
            Access access = Files.exists(file) ? Access.of(file) : Access.ofRoot("rw-------");
            AtomicFile.write(file, fresh.file().content(), access);
        } catch (IOException e) {
            throw cannotChange(e);
        }
        out.println(file + " has new keys.");
        out.flush();
        adopt(installation, fresh);
    }

    /**
     * Has the server take over the keys that are in the file of secrets: after a rotation that was broken off, a restored file or
     * a restored database. Does nothing where it has them.
     */
    public void adopt() throws CtlException, InterruptedException {
        Installation installation = installation();
        SecretsReader.Found found = new SecretsReader(layout, installation).read();
        if (found.file().isChanged()) {
            throw new CtlException(
                    found.file().file() + " lacks some keys; run opscode-push-jobs-server-ctl reconfigure first");
        }
        adopt(installation, found);
    }

    private Installation installation() throws CtlException, InterruptedException {
        Installation installation = new InstallationReader(layout, machineName).read();
        if (installation.service() == Service.DISABLED) {
            throw new CtlException(
                    "the server does not run on this machine and has no keys here; run this command on the"
                            + " one where it does");
        }
        if (Files.notExists(layout.at(ServerFiles.settingsFile(installation)))) {
            throw new CtlException("the server is not configured yet; run opscode-push-jobs-server-ctl reconfigure");
        }
        return installation;
    }

    private void requireNoJobs(Installation installation, SecretsReader.Found secrets)
            throws CtlException, InterruptedException {
        Optional<DatabaseConfig.External> database = Connections.ofServer(layout, installation, secrets.secrets());
        int live = database.isEmpty() ? 0 : Look.at(database.get()).liveJobs();
        if (live > 0) {
            throw new CtlException(live + (live == 1 ? " job goes" : " jobs go")
                    + " on, whose nodes would become crashed; wait for the end, or repeat the command with --now."
                    + " Nothing was changed");
        }
    }

    private void adopt(Installation installation, SecretsReader.Found found) throws CtlException, InterruptedException {
        try {
            for (Wanted.File file : new ServerFiles(layout, installation, found.secrets()).files()) {
                if (ServerFiles.secretNames().anyMatch(file.path()::endsWith)) {
                    AtomicFile.write(file.path(), file.content().getBytes(StandardCharsets.UTF_8), file.access());
                }
            }
            Pending pending = new Pending(layout.pending());
            pending.add(List.of(Effect.RESTART_SERVICE));
            Supervisor.Answer answer = new ServerProgram(
                            layout, installation.user(), ServerFiles.settingsFile(installation))
                    .run(List.of("secrets", "adopt"));
            if (answer.status() != Supervisor.GOOD) {
                // with keys that are not the cluster's it would not start again
                pending.remove(Effect.RESTART_SERVICE);
                throw new CtlException("the server's files have the keys, and its database could not be told: "
                        + answer.text().strip()
                        + ". The server that runs goes on with the old ones. When that is mended, run"
                        + " opscode-push-jobs-server-ctl rotate-keys --adopt");
            }
            out.println("They are the cluster's.");
            new Effects(layout, installation, patience, out).follow(Effect.RESTART_SERVICE);
            pending.remove(Effect.RESTART_SERVICE);
        } catch (IOException e) {
            throw cannotChange(e);
        }
        if (installation.service() == Service.BY_KEEPALIVED || installation.isMember()) {
            out.println("Copy " + found.file().file()
                    + " to the other servers and run opscode-push-jobs-server-ctl reconfigure there. Until then they have"
                    + " the old keys: they are no members of this one's cluster, and do not start again.");
        }
    }

    private static CtlException cannotChange(IOException e) {
        return new CtlException(
                "a file cannot be changed: " + e + "; run this command as root, and after a rotation that was"
                        + " broken off opscode-push-jobs-server-ctl rotate-keys --adopt",
                e);
    }
}
