package org.pushjobs.ctl.plan;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.service.InstalledService;
import org.pushjobs.ctl.service.Runit;
import org.pushjobs.ctl.service.ServicePaths;
import org.pushjobs.ctl.service.Supervisor;
import org.pushjobs.ctl.service.Systemd;
import org.pushjobs.ctl.service.Verb;
import org.pushjobs.ctl.settings.ChefServer;
import org.pushjobs.ctl.settings.ChefServers;

/**
 * Takes away what reconfigure has put into the Chef server's tree, so that neither its nginx nor its failover looks for a
 * server that is gone (packaging-ha.md, section 4.4), and on demand all files of our own. The database, and secrets that are
 * in the Chef server's file, stay.
 */
public final class Removal {
    private final Layout layout;
    private final Optional<ChefServer> chefServer;
    private final InstalledService service;
    private final PrintWriter out;

    /**
     * Changes nothing.
     *
     * @throws CtlException when the Chef server's failover looks for the service, and would fail without it
     */
    public Removal(Layout layout, PrintWriter out) throws CtlException {
        this.layout = layout;
        this.chefServer = ChefServers.on(layout);
        this.service = InstalledService.on(layout);
        this.out = out;
        if (chefServer.isPresent()) {
            refuseWhenFailoverNeedsIt(ClusterScript.of(layout, chefServer.get()));
        }
    }

    /** Stops the service and removes it and what nginx includes. */
    public void removeService() throws CtlException, InterruptedException {
        Supervisor supervisor = service.supervisor();
        if (supervisor.isEnabled() && supervisor.isSupervised()) {
            out.print(supervisor.run(Verb.STOP).text());
        }
        remove(files(supervisor));
        List<Path> included = chefServer
                .map(chef -> NginxAddOn.names(NginxAddOn.directory(layout, chef.nginxDirectory())))
                .orElse(List.of());
        boolean nginxChanges = included.stream().anyMatch(Files::exists);
        remove(included);
        if (supervisor instanceof Systemd systemd) {
            out.print(systemd.reload().text());
        }
        if (supervisor instanceof Runit runit && nginxChanges) {
            Runit nginx = runit.sibling("nginx");
            if (nginx.isEnabled() && nginx.isSupervised()) {
                out.print(nginx.run(Verb.HUP).text());
            }
        }
    }

    private List<Path> files(Supervisor supervisor) {
        return switch (supervisor) {
            case Runit _ -> {
                ServicePaths paths = ServicePaths.of(layout, chefServer);
                yield List.of(paths.enabledLink(), paths.definition(), paths.initLink());
            }
            case Systemd systemd -> List.of(systemd.enabledLink(), systemd.unit());
        };
    }

    private static void refuseWhenFailoverNeedsIt(ClusterScript script) throws CtlException {
        if (script.namesTheService()) {
            throw new CtlException(
                    script.path() + " names " + Layout.SERVICE + ": the failover of the whole Chef server would fail"
                            + " without it. Remove the package, which puts a stand-in in its place until chef-server-ctl"
                            + " reconfigure has been run on each backend");
        }
    }

    /** Whether a database of the server's own is among what {@link #removeData} removes. */
    public boolean databaseGoes() {
        return Files.isDirectory(layout.state().resolve(Layout.SERVICE).resolve(ServerFiles.DATA));
    }

    /**
     * Removes configuration, state and logs.
     *
     * @param copy where the configuration is copied to before
     */
    public void removeData(Path copy) throws CtlException, InterruptedException {
        if (Files.isDirectory(layout.configuration())) {
            copyTree(layout.configuration(), copy);
        }
        remove(List.of(layout.state(), service.logDirectory(), layout.configuration()));
    }

    private void remove(List<Path> files) throws CtlException, InterruptedException {
        Applier applier = new Applier(new NginxCheck(layout.root(), layout.root(), layout.pending()));
        for (Path file : files) {
            Wanted.Nothing nothing = new Wanted.Nothing(file);
            List<String> lines = Difference.find(nothing);
            lines.forEach(out::println);
            if (!lines.isEmpty()) {
                applier.apply(nothing);
            }
        }
    }

    private static void copyTree(Path from, Path to) throws CtlException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
                }
                Access.of(path).giveTo(copy);
            }
        } catch (IOException e) {
            throw new CtlException(from + " cannot be copied to " + to + " (" + e + "); nothing of it was removed", e);
        }
    }
}
