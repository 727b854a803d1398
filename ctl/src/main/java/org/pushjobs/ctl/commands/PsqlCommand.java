package org.pushjobs.ctl.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.database.Connections;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.secrets.SecretsReader;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.InstallationReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs psql on the server's database, as somebody who may only read. Its exit status is psql's. */
@Command(name = "psql")
final class PsqlCommand implements CtlCommand {
    /** The Chef server brings its own. */
    private static final String CHEF_SERVERS = "/opt/opscode/embedded/bin/psql";

    private final Machine machine;

    @Mixin
    private GlobalOptions options;

    @Option(names = "--write", description = "Run it as the server's role, which may change what is there.")
    private boolean write;

    @Parameters(paramLabel = "OPTION", description = "Of psql, behind --.")
    private List<String> words = List.of();

    PsqlCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public About about() {
        return new About(
                "psql",
                Category.DATABASE,
                "Run psql on the server's database; only to read, without --write.",
                Arguments.SOME);
    }

    @Override
    public int run() throws CtlException, InterruptedException {
        Layout layout = machine.layout();
        Installation installation = new InstallationReader(layout, machine.name()).read();
        SecretsReader.Found secrets = new SecretsReader(layout, installation).read();
        Optional<DatabaseConfig.External> database = write
                ? Connections.ofServer(layout, installation, secrets.secrets())
                : Connections.readOnly(layout, installation, secrets.secrets());
        if (database.isEmpty()) {
            throw new CtlException(
                    "the database runs with the server, and neither does; run opscode-push-jobs-server-ctl start");
        }
        machine.out().flush();
        try {
            return run(database.get());
        } catch (IOException e) {
            throw new CtlException(
                    "psql cannot be run (" + e.getMessage() + "); install PostgreSQL's client (postgresql-client)", e);
        }
    }

    private int run(DatabaseConfig.External database) throws IOException, InterruptedException {
        Path passwords = Files.createTempFile(
                "pushjobs-psql-",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(passwords, "*:*:*:*:" + database.password().replaceAll("[\\\\:]", "\\\\$0") + "\n");
            ProcessBuilder builder = new ProcessBuilder(command(database)).inheritIO();
            builder.environment().put("PGPASSFILE", passwords.toString());
            builder.environment().put("PGCONNECT_TIMEOUT", "10");
            if (!write) {
                builder.environment().put("PGOPTIONS", "-c default_transaction_read_only=on");
            }
            return builder.start().waitFor();
        } finally {
            Files.deleteIfExists(passwords);
        }
    }

    private List<String> command(DatabaseConfig.External database) {
        Path chefServers = machine.layout().at(CHEF_SERVERS);
        List<String> command = new ArrayList<>(List.of(
                Files.isExecutable(chefServers) ? chefServers.toString() : "psql",
                "--host=" + database.host(),
                "--port=" + database.port(),
                "--username=" + database.user(),
                "--dbname=" + database.database(),
                "--no-password"));
        command.addAll(words);
        return command;
    }
}
