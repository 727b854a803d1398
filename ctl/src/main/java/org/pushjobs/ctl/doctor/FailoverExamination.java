package org.pushjobs.ctl.doctor;

import java.util.List;
import java.util.Optional;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.plan.ClusterScript;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.Installation.Service;

/**
 * Whether the Chef server's keepalived knows the service where it is the one to start it, and only there: nobody else does, and
 * it is told only when the Chef server is reconfigured (packaging-ha.md, section 4.4).
 */
final class FailoverExamination implements Examination {
    private static final String ABOUT = "failover";

    @Override
    public List<Finding> of(Patient patient) {
        return of(patient.layout(), patient.installation());
    }

    /** Also where the server is not to run. */
    static List<Finding> of(Layout layout, Installation installation) {
        Optional<ClusterScript> script = ClusterScript.ofBackend(layout, installation);
        return (installation.service() == Service.BY_KEEPALIVED
                        ? script.map(FailoverExamination::finding)
                        : script.filter(ClusterScript::namesTheService).map(FailoverExamination::leftOver))
                .stream().toList();
    }

    private static Finding leftOver(ClusterScript script) {
        return Finding.warning(
                ABOUT,
                script.path() + " still names " + Layout.SERVICE
                        + ", which is not to run here and stays until then; run chef-server-ctl reconfigure on each backend,"
                        + " and then opscode-push-jobs-server-ctl reconfigure");
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
