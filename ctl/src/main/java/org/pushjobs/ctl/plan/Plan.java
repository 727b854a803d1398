package org.pushjobs.ctl.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.database.Database;
import org.pushjobs.ctl.database.DatabaseState;
import org.pushjobs.ctl.database.Grants;
import org.pushjobs.ctl.database.Role;
import org.pushjobs.ctl.database.Schema;
import org.pushjobs.ctl.database.Superuser;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.plan.Wanted.Content;
import org.pushjobs.ctl.secrets.SecretsReader;
import org.pushjobs.ctl.secrets.ServerSecrets;
import org.pushjobs.ctl.settings.ChefServer;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.Installation.Service;

/** All that is to be so on a machine, in the order in which it is made so (packaging-ha.md, section 1.5). */
public final class Plan {
    private final Layout layout;
    private final Installation installation;
    private final List<Step> steps = new ArrayList<>();

    private Plan(Layout layout, Installation installation) {
        this.layout = layout;
        this.installation = installation;
    }

    /**
     * @param secrets empty on machines on which the server does not run, which need none
     * @throws CtlException when the database has several hosts and none of them can be used
     */
    public static List<Step> of(Layout layout, Installation installation, Optional<SecretsReader.Found> secrets)
            throws CtlException, InterruptedException {
        Plan plan = new Plan(layout, installation);
        plan.add(new Wanted.Directory(layout.configuration(), Access.ofRoot("rwxrwxr-x")));
        plan.add(new Wanted.Directory(layout.state(), Access.ofRoot("rwxr-xr-x")));
        // Nginx may refuse, so it is asked before much is done.
        installation.host().chefServer().ifPresent(plan::nginx);
        ServiceFiles service = new ServiceFiles(layout, installation);
        if (secrets.isPresent()) {
            plan.keep(secrets.get());
            plan.database(secrets.get().secrets());
            plan.server(secrets.get().secrets(), service);
        }
        if (installation.service() != Service.DISABLED) {
            plan.service(service);
        } else if (isNeededByFailover(layout, installation)) {
            plan.steps.addAll(service.stepsToLeaveFailover());
        } else {
            plan.steps.addAll(service.stepsToRemove());
            ServerFiles.secretNames()
                    .map(layout.at(installation.serverDirectory())::resolve)
                    .forEach(path -> plan.add(new Wanted.Nothing(path)));
        }
        plan.add(new Wanted.File(
                layout.running(),
                RunningFile.of(installation),
                Access.of(installation.user(), "rw-------"),
                Content.PLAIN));
        return List.copyOf(plan.steps);
    }

    /**
     * Whether the failover of the whole Chef server would give up without the service, be it wanted or not (packaging-ha.md, section
     * 4.4, "Removal hazard").
     */
    static boolean isNeededByFailover(Layout layout, Installation installation) {
        return ClusterScript.ofBackend(layout, installation)
                .filter(ClusterScript::namesTheService)
                .isPresent();
    }

    private void add(Wanted wanted, Effect... effects) {
        steps.add(Step.of(wanted, effects));
    }

    private void keep(SecretsReader.Found found) {
        Path file = found.file().file();
        if (found.file().isChanged()) {
            Access access = accessOf(file).orElse(Access.ofRoot("rw-------"));
            String content = new String(found.file().content(), StandardCharsets.UTF_8);
            add(new Wanted.File(file, content, access, Content.SECRET));
        }
        found.outdated().forEach(outdated -> add(new Wanted.Nothing(outdated)));
    }

    private static Optional<Access> accessOf(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Access.of(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("owner and rights of " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void database(ServerSecrets secrets) throws CtlException, InterruptedException {
        switch (installation.database()) {
            case Installation.Database.Embedded() -> {}
            case Installation.Database.Postgres postgres -> {
                Superuser superuser =
                        Superuser.of(postgres, secrets.superuserPassword().orElseThrow());
                Role.Membership membership =
                        postgres.external() ? Role.Membership.SUPERUSER_IS_MEMBER : Role.Membership.NONE;
                Database database = new Database(superuser, postgres.name(), postgres.user());
                List.<DatabaseState>of(
                                new Role(superuser, postgres.user(), secrets.sqlPassword(), membership),
                                new Role(superuser, postgres.readOnlyUser(), secrets.sqlReadOnlyPassword(), membership),
                                database,
                                new Schema(superuser, database),
                                new Grants(superuser, database, postgres.user(), Grants.Profile.READ_WRITE),
                                new Grants(superuser, database, postgres.readOnlyUser(), Grants.Profile.READ_ONLY))
                        .forEach(state -> add(new Wanted.InDatabase(state)));
            }
        }
    }

    private void server(ServerSecrets secrets, ServiceFiles service) {
        Access owners = Access.of(installation.user(), "rwx------");
        add(new Wanted.Directory(layout.at(installation.serverDirectory()), owners));
        steps.addAll(service.logSteps());
        new ServerFiles(layout, installation, secrets).files().forEach(file -> add(file, Effect.RESTART_SERVICE));
        Path directory = layout.at(installation.serverDirectory());
        ServerFiles.outdatedNames().forEach(name -> add(new Wanted.Nothing(directory.resolve(name))));
    }

    /** On every machine: frontends ask the backend, too. */
    private void nginx(ChefServer chef) {
        Path directory = NginxAddOn.directory(layout, chef.nginxDirectory());
        if (Files.isDirectory(directory)) {
            add(NginxAddOn.files(directory, installation), Effect.RELOAD_NGINX);
        }
    }

    private void service(ServiceFiles service) {
        steps.addAll(service.steps());
        Wanted.File bootstrapped = new Wanted.File(
                layout.bootstrapped(),
                "All your bootstraps are belong to Pushy",
                Access.ofRoot("rw-------"),
                Content.PLAIN);
        if (installation.startsAtFirst()) {
            add(bootstrapped, Effect.START_SERVICE);
        } else {
            add(bootstrapped);
        }
    }
}
