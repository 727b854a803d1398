package org.pushjobs.ctl.doctor;

import java.util.List;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.plan.ClusterScript;
import org.pushjobs.ctl.settings.Installation.Service;

/**
 * Whether the Chef server's keepalived knows the service where it is the one to start it: nobody else does, and it is told only when
 * the Chef server is reconfigured (packaging-ha.md, section 4.4).
 */
final class FailoverExamination implements Examination {
    private static final String ABOUT = "failover";

    @Override
    public List<Finding> of(Patient patient) {
        if (patient.installation().service() != Service.BY_KEEPALIVED) {
            return List.of();
        }
        return patient
                .installation()
                .host()
                .chefServer()
                .map(chef -> ClusterScript.of(patient.layout(), chef))
                .map(FailoverExamination::finding)
                .stream()
                .toList();
    }

    private static Finding finding(ClusterScript script) {
        return script.namesTheService()
                ? Finding.good(ABOUT, "the Chef server's keepalived starts and stops the service")
                : Finding.wrong(
                        ABOUT,
                        script.path() + " does not name " + Layout.SERVICE
                                + ", so nobody starts it after a failover; run chef-server-ctl reconfigure on each"
                                + " backend");
    }
}
