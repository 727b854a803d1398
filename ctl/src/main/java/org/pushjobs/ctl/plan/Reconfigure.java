package org.pushjobs.ctl.plan;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.secrets.SecretsReader;
import org.pushjobs.ctl.service.InstalledService;
import org.pushjobs.ctl.service.Supervisor;
import org.pushjobs.ctl.service.Verb;
import org.pushjobs.ctl.settings.ChefServer;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.Installation.ChefServerMachine;
import org.pushjobs.ctl.settings.Installation.Service;
import org.pushjobs.ctl.settings.Installation.StandAlone;
import org.pushjobs.ctl.settings.InstallationReader;

/**
 * Brings a machine to what its settings say. Everything is read and checked before anything is changed; then it goes step by
 * step, and may be killed after or in each of them: the next one goes on from there.
 */
public final class Reconfigure {
    /** How long a supervisor may take to see a new service. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Layout layout;
    private final Supplier<String> machineName;
    private final Duration patience;
    private final PrintWriter out;
    private final Consumer<Step> done;

    /**
     * @param machineName the full name of this machine
     * @param patience with the supervisor, until it has a new service
     * @param out gets what is changed
     * @param done is told each step that was done
     */
    public Reconfigure(
            Layout layout, Supplier<String> machineName, Duration patience, PrintWriter out, Consumer<Step> done) {
        this.layout = layout;
        this.machineName = machineName;
        this.patience = patience;
        this.out = out;
        this.done = done;
    }

    /** Everything that was read, and what follows from it. */
    private record Work(Installation installation, List<Step> steps) {}

    /**
     * Says what would change.
     *
     * @return how many steps would change something
     */
    public int compare() throws CtlException, InterruptedException {
        Work work = read();
        int different = 0;
        for (Step step : work.steps()) {
            List<String> lines = Difference.find(step.wanted());
            lines.forEach(out::println);
            different += lines.isEmpty() ? 0 : 1;
        }
        return different;
    }

    /**
     * Makes it so.
     *
     * @return how many steps changed something
     */
    public int apply() throws CtlException, InterruptedException {
        try (FileChannel channel = lockFile();
                FileLock _ = lock(channel)) {
            return apply(read());
        } catch (IOException e) {
            throw new CtlException("a file cannot be changed: " + e + "; run this command as root", e);
        }
    }

    private FileChannel lockFile() throws IOException {
        Path directory = layout.at("/run/lock");
        Files.createDirectories(directory);
        return FileChannel.open(
                directory.resolve(Layout.NAME + "-reconfigure.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
    }

    private FileLock lock(FileChannel channel) throws IOException, CtlException {
        FileLock lock = channel.tryLock();
        if (lock == null) {
            throw new CtlException("another reconfigure is at work on this machine; wait for its end");
        }
        return lock;
    }

    private Work read() throws CtlException, InterruptedException {
        Installation installation = new InstallationReader(layout, machineName).read();
        installation.warnings().forEach(this::warn);
        installation
                .host()
                .chefServer()
                .map(chef -> NginxAddOn.directory(layout, chef.nginxDirectory()))
                .filter(directory -> !Files.isDirectory(directory))
                .ifPresent(directory -> warn(directory + " is not there, so nginx is not told of the server's API; run"
                        + " chef-server-ctl reconfigure, and then this command again"));
        ClusterScript.ofBackend(layout, installation)
                .flatMap(script -> failover(script, installation))
                .ifPresent(this::warn);
        Optional<SecretsReader.Found> secrets = Optional.empty();
        if (installation.service() != Service.DISABLED) {
            requireUser(installation);
            SecretsReader.Found found = new SecretsReader(layout, installation).read();
            new ServerFiles(layout, installation, found.secrets())
                    .check()
                    .warnings()
                    .forEach(this::warn);
            found.news().forEach(news -> out.println("secret " + news));
            secrets = Optional.of(found);
        }
        return new Work(installation, Plan.of(layout, installation, secrets));
    }

    /** What is to be done for the failover to know the service, or to know it no longer. */
    private static Optional<String> failover(ClusterScript script, Installation installation) {
        boolean wanted = installation.service() == Service.BY_KEEPALIVED;
        if (wanted == script.namesTheService()) {
            return Optional.empty();
        }
        return Optional.of(
                wanted
                        ? script.path() + " does not name " + Layout.SERVICE + ", so a failover does not start it: run"
                                + " chef-server-ctl reconfigure on each backend after this command"
                        : script.path() + " names " + Layout.SERVICE
                                + ", and the failover of the whole Chef server would"
                                + " fail without it, so it stays: run chef-server-ctl reconfigure on each backend, which"
                                + " takes it out, and then this command again");
    }

    private void warn(String warning) {
        out.println("warning: " + warning);
    }

    private static void requireUser(Installation installation) throws CtlException {
        try {
            FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(installation.user());
        } catch (UserPrincipalNotFoundException e) {
            throw new CtlException("there is no user " + installation.user()
                    + " on this machine, which the server runs as; "
                    + switch (installation.host()) {
                        case ChefServerMachine _ -> "run chef-server-ctl reconfigure, which makes it";
                        case StandAlone() ->
                            "make it: useradd --system --user-group --shell /usr/sbin/nologin " + installation.user();
                    });
        } catch (IOException e) {
            throw new CtlException("the user " + installation.user() + " cannot be looked up: " + e, e);
        }
    }

    private int apply(Work work) throws CtlException, InterruptedException, IOException {
        Installation installation = work.installation();
        Pending pending = new Pending(layout.pending());
        NginxCheck nginx = nginxCheck(installation);
        Applier applier = new Applier(nginx);
        stopWhatIsRemoved(installation);
        int changed = 0;
        for (Step step : work.steps()) {
            List<String> lines = Difference.find(step.wanted());
            if (!lines.isEmpty()) {
                lines.forEach(out::println);
                pending.add(step.effects());
                applier.apply(step.wanted());
                changed++;
            } else if (step.wanted() instanceof Wanted.NginxFiles(var files) && nginx.isUnfinished(files)) {
                applier.apply(step.wanted());
            }
            done.accept(step);
        }
        Effects effects = new Effects(layout, installation, patience, out);
        for (Effect effect : pending.all()) {
            effects.follow(effect);
            pending.remove(effect);
        }
        return changed;
    }

    /** Where there is no Chef server, there are no files that it would be asked about. */
    private NginxCheck nginxCheck(Installation installation) {
        Optional<ChefServer> chef = installation.host().chefServer();
        return new NginxCheck(
                layout.at(chef.map(ChefServer::nginx).orElse("/usr/sbin/nginx")),
                layout.at(chef.map(ChefServer::nginxDirectory).orElse("/etc/nginx"))
                        .resolve("etc/nginx.conf"),
                layout.pending());
    }

    /** A machine that becomes a frontend has a server that must end before its files go. */
    private void stopWhatIsRemoved(Installation installation) throws CtlException, InterruptedException {
        Supervisor service =
                InstalledService.supervisor(layout, installation.host().chefServer());
        boolean isRemoved =
                installation.service() == Service.DISABLED && !Plan.isNeededByFailover(layout, installation);
        if (isRemoved && service.isSupervised()) {
            out.print(service.run(Verb.STOP).text());
        }
    }
}
