package org.pushjobs.workstation.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.NodeState;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;

/**
 * Why nodes could not take part in a job that has just ended: what the server knows of them now, where the job itself says
 * only that they were not there. Used by one thread.
 */
final class AbsenceReasons {
    /** What our server says of a node that was not there when the job began. */
    private static final String WAS_DOWN = "it was down";

    private final PushJobsClient client;

    AbsenceReasons(PushJobsClient client) {
        this.client = client;
    }

    /** By the names of the nodes; what cannot be had now is left out. */
    Map<String, String> of(JobDocument job) throws InterruptedException {
        Map<String, String> reasons = new HashMap<>();
        List<String> absent = job.nodes("unavailable").stream()
                .sorted()
                .limit(JobReport.NODES_EXPLAINED_PER_STATUS)
                .filter(name -> job.reason(name).orElse(WAS_DOWN).equals(WAS_DOWN))
                .toList();
        try {
            for (String name : absent) {
                NodeState state = client.nodeState(name);
                if (!state.hasDetail()) {
                    // The original server, which knows no more of the others either.
                    break;
                }
                state.reason().ifPresent(text -> reasons.put(name, text));
            }
        } catch (ServerFailure _) {
            // The job is explained without.
        }
        return reasons;
    }
}
