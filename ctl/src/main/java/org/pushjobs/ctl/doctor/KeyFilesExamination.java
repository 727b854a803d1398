package org.pushjobs.ctl.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.plan.ServerFiles;

/** Whether files with secrets are for the eyes of their owners only. */
final class KeyFilesExamination implements Examination {
    private static final String ABOUT = "secrets";

    @Override
    public List<Finding> of(Patient patient) {
        List<Finding> findings = new ArrayList<>();
        Stream.concat(
                        Stream.of(
                                patient.layout().chefServerSecrets(),
                                patient.layout().ownSecrets()),
                        ServerFiles.secretNames().map(patient.serverDirectory()::resolve))
                .filter(Files::exists)
                .forEach(file -> look(file, findings));
        return findings.isEmpty() ? List.of(Finding.good(ABOUT, "are for their owners only")) : findings;
    }

    private static void look(Path file, List<Finding> findings) {
        try {
            Access access = Access.of(file);
            if (!access.permissions().endsWith("---")) {
                findings.add(Finding.wrong(
                        ABOUT,
                        "everybody on this machine may open " + file + " (" + access + "); run chmod 600 " + file));
            }
        } catch (IOException e) {
            findings.add(Finding.warning(ABOUT, file + " cannot be looked at (" + e + "); run this command as root"));
        }
    }
}
