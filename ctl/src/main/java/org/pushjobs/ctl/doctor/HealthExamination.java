package org.pushjobs.ctl.doctor;

import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.util.List;
import org.pushjobs.config.TlsTrust;
import org.pushjobs.ctl.settings.Installation.Service;

/** Whether the server runs, and what it says of itself (docs/operations.md, {@code /health/ready}). */
final class HealthExamination implements Examination {
    private static final String ABOUT = "service";

    @Override
    public List<Finding> of(Patient patient) throws InterruptedException {
        if (patient.pid().isEmpty()) {
            return List.of(
                    patient.installation().service() == Service.BY_KEEPALIVED
                            ? Finding.good(ABOUT, "is down, as on a backend that is not the master")
                            : Finding.wrong(
                                    ABOUT,
                                    "is down; start it by opscode-push-jobs-server-ctl start, and look at its log by"
                                            + " opscode-push-jobs-server-ctl tail"));
        }
        var management = patient.config().management();
        URI ready = Web.at(PortsExamination.at(management.listenAddress(), management.port()), "/health/ready");
        try {
            Web.Answer answer = Web.get(ready, new TlsTrust.SystemAuthorities());
            return List.of(
                    answer.status() == 200
                            ? Finding.good(
                                    ABOUT, "runs (pid " + patient.pid().get() + ") and can start jobs and serve agents")
                            : Finding.wrong(
                                    ABOUT,
                                    "runs and is not ready: " + answer.body().strip()
                                            + "; docs/operations.md says what each part needs"));
        } catch (IOException | CertificateException e) {
            return List.of(Finding.wrong(
                    ABOUT,
                    "runs (pid " + patient.pid().get() + ") and does not answer at " + ready + " (" + e.getMessage()
                            + "); it may be starting or hang: look at its log (opscode-push-jobs-server-ctl tail)"));
        }
    }
}
