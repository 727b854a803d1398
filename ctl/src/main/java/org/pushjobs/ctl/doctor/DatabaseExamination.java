package org.pushjobs.ctl.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.config.secrets.SecretsFile;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.database.Connections;
import org.pushjobs.ctl.database.Look;

/** Whether the server can use its database, has the newest tables there, and the keys of the cluster. */
final class DatabaseExamination implements Examination {
    private static final String ABOUT = "database";
    private static final String KEYS = "keys";

    @Override
    public List<Finding> of(Patient patient) throws InterruptedException {
        try {
            Optional<DatabaseConfig.External> connection =
                    Connections.ofServer(patient.layout(), patient.installation(), patient.secrets());
            if (connection.isEmpty()) {
                return List.of(
                        patient.pid().isEmpty()
                                ? Finding.good(ABOUT, "starts with the server")
                                : Finding.wrong(
                                        ABOUT,
                                        "does not run although the server does, which starts it; its log is "
                                                + patient.serverDirectory().resolve("data/postgresql.log")));
            }
            return findings(patient, connection.get(), Look.at(connection.get()));
        } catch (CtlException e) {
            return e.problems().stream()
                    .map(problem -> Finding.wrong(ABOUT, problem))
                    .toList();
        }
    }

    private static List<Finding> findings(Patient patient, DatabaseConfig.External connection, Look look) {
        List<Finding> findings = new ArrayList<>();
        findings.add(
                look.missingMigrations() == 0
                        ? Finding.good(
                                ABOUT,
                                connection.database() + " at " + connection.host() + ":" + connection.port()
                                        + " answers and has all tables")
                        : Finding.wrong(
                                ABOUT,
                                look.missingMigrations() + " migrations are missing; run"
                                        + " opscode-push-jobs-server-ctl reconfigure, or restart the server"));
        findings.add(keys(patient.serverDirectory().resolve("secrets.json"), look.clusterFingerprint()));
        findings.add(Clocks.finding("the database", look.clockAhead()));
        return findings;
    }

    private static Finding keys(Path file, Optional<String> clusters) {
        try {
            String own = SecretsFile.load(file).fingerprint();
            return clusters.isEmpty() || clusters.get().equals(own)
                    ? Finding.good(KEYS, "the server's are those of its cluster")
                    : Finding.wrong(
                            KEYS,
                            "those in " + file + " are not those that the database has its cluster by, and the server"
                                    + " will not start: copy the file of secrets from a server that runs and run"
                                    + " opscode-push-jobs-server-ctl reconfigure; or, where these are to count,"
                                    + " opscode-push-jobs-server-ctl rotate-keys --adopt");
        } catch (ConfigException e) {
            return Finding.wrong(
                    KEYS,
                    String.join("; ", e.errors()) + "; run opscode-push-jobs-server-ctl reconfigure, which writes it");
        }
    }
}
