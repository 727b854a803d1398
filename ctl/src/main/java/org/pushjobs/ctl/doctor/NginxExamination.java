package org.pushjobs.ctl.doctor;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.ctl.plan.NginxAddOn;
import org.pushjobs.ctl.settings.ChefServer;

/** Whether the Chef server's nginx leads requests to the server. */
final class NginxExamination implements Examination {
    private static final String ABOUT = "nginx";
    private static final String ADVICE =
            "; run chef-server-ctl reconfigure, then opscode-push-jobs-server-ctl reconfigure";

    @Override
    public List<Finding> of(Patient patient) throws InterruptedException {
        Optional<ChefServer> chef = patient.installation().host().chefServer();
        if (chef.isEmpty()) {
            return List.of();
        }
        Path directory = NginxAddOn.directory(patient.layout(), chef.get().nginxDirectory());
        List<Finding> findings = new ArrayList<>();
        for (Path file : NginxAddOn.names(directory)) {
            if (Files.notExists(file)) {
                findings.add(Finding.wrong(ABOUT, file + " is not there" + ADVICE));
            }
        }
        if (!includes(directory)) {
            findings.add(Finding.wrong(
                    ABOUT, "no file in " + directory.getParent() + " includes those of " + directory + ADVICE));
        }
        if (findings.isEmpty()
                && patient.pid().isPresent()
                && patient.config().directory() instanceof DirectoryConfig.ChefServer server) {
            findings.add(throughPublicUrl(server));
        }
        return findings.isEmpty() ? List.of(Finding.good(ABOUT, "includes the add-on's files")) : findings;
    }

    /** Whether nginx is told of the directory. */
    private static boolean includes(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.getParent(), "*.conf")) {
            for (Path file : files) {
                if (Files.readString(file).contains(directory.getFileName() + "/")) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private static Finding throughPublicUrl(DirectoryConfig.ChefServer server) throws InterruptedException {
        URI uri = URI.create(server.rootUrl().toString().replaceFirst("/+$", "") + "/pushy/_status");
        try {
            int status = Web.get(uri, server.trust()).status();
            return status == 200
                    ? Finding.good(ABOUT, uri + " leads to the server")
                    : Finding.wrong(
                            ABOUT,
                            uri + " is answered with status " + status
                                    + "; have nginx read its files (chef-server-ctl hup nginx), and look at its error"
                                    + " log");
        } catch (IOException | CertificateException e) {
            return Finding.wrong(
                    ABOUT,
                    uri + " is not answered (" + e.getMessage()
                            + "); check that nginx runs (chef-server-ctl status nginx)");
        }
    }
}
