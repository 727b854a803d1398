package org.pushjobs.ctl.doctor;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.plan.Reconfigure;
import org.pushjobs.ctl.plan.ServerFiles;
import org.pushjobs.ctl.secrets.SecretsReader;
import org.pushjobs.ctl.service.InstalledService;
import org.pushjobs.ctl.service.Supervisor;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.Installation.Service;
import org.pushjobs.ctl.settings.InstallationReader;

/** Goes through everything that the server needs. Changes nothing; takes some seconds where somebody does not answer. */
public final class Doctor {
    private static final String SETTINGS = "settings";
    private static final List<Examination> EXAMINATIONS = List.of(
            new HealthExamination(),
            new PortsExamination(),
            new ClusterExamination(),
            new HostsExamination(),
            new DatabaseExamination(),
            new ChefExamination(),
            new NginxExamination(),
            new FailoverExamination(),
            new KeyFilesExamination(),
            new DiskExamination(),
            new FileLimitExamination());

    private final Layout layout;
    private final Supplier<String> machineName;

    /** @param machineName the full name of this machine */
    public Doctor(Layout layout, Supplier<String> machineName) {
        this.layout = layout;
        this.machineName = machineName;
    }

    /** @param found is told each finding at once */
    public void examine(Consumer<Finding> found) throws InterruptedException {
        try {
            Installation installation = new InstallationReader(layout, machineName).read();
            installation.warnings().forEach(warning -> found.accept(Finding.warning(SETTINGS, warning)));
            if (installation.service() == Service.DISABLED) {
                found.accept(Finding.good(SETTINGS, "can be used; the server is not to run on this machine"));
                FailoverExamination.of(layout, installation).forEach(found);
                return;
            }
            if (Files.notExists(layout.at(ServerFiles.settingsFile(installation)))) {
                found.accept(Finding.wrong(
                        SETTINGS, "the server is not configured yet; run opscode-push-jobs-server-ctl reconfigure"));
                return;
            }
            Patient patient = patient(installation);
            List<Finding> findings = new ArrayList<>();
            found.accept(Finding.good(SETTINGS, "can be used"));
            for (Examination examination : EXAMINATIONS) {
                for (Finding finding : examination.of(patient)) {
                    findings.add(finding);
                    found.accept(finding);
                }
            }
            // It asks the database, and need not say once more what is wrong with it.
            if (findings.stream()
                    .noneMatch(finding -> finding.level() == Finding.Level.WRONG
                            && finding.about().equals("database"))) {
                found.accept(reconfigured());
            }
        } catch (CtlException e) {
            e.problems().forEach(problem -> found.accept(Finding.wrong(SETTINGS, problem)));
        }
    }

    private Patient patient(Installation installation) throws CtlException, InterruptedException {
        SecretsReader.Found secrets = new SecretsReader(layout, installation).read();
        ServerFiles.Checked checked = new ServerFiles(layout, installation, secrets.secrets()).check();
        Supervisor service = InstalledService.on(layout).supervisor();
        Optional<Long> pid = service.isSupervised() ? service.pid() : Optional.empty();
        return new Patient(layout, installation, secrets.secrets(), checked.config(), pid);
    }

    private Finding reconfigured() throws CtlException, InterruptedException {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        int different = new Reconfigure(layout, machineName, Duration.ZERO, nowhere, _ -> {}).compare();
        return different == 0
                ? Finding.good(SETTINGS, "the machine is as they say")
                : Finding.warning(
                        SETTINGS,
                        "the machine is not as they say; opscode-push-jobs-server-ctl reconfigure --dry-run shows the"
                                + " difference");
    }
}
