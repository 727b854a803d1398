package org.pushjobs.workstation.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import org.pushjobs.workstation.remote.FeedEvent;
import org.pushjobs.workstation.screen.Progress;
import org.pushjobs.workstation.screen.Screen;

/** Shows where a job is from the events of its feed, in the words of {@link ProgressLine}. Used by one thread. */
final class FeedProgress {
    private final Progress progress;
    private final Set<String> inProgress = new HashSet<>();
    private int nodeCount;

    FeedProgress(Progress progress) {
        this.progress = progress;
    }

    void take(FeedEvent event) {
        JsonNode data = event.data();
        switch (event.name()) {
            case "start" -> {
                nodeCount = data.path("node_count").asInt();
                progress.show(ProgressLine.VOTING);
            }
            case "quorum_vote" -> {
                if (data.path("status").asText().equals("success")) {
                    inProgress.add(data.path("node").asText());
                }
            }
            case "quorum_succeeded" -> progress.show(ProgressLine.running(inProgress.size(), nodeCount));
            case "run_complete" -> {
                inProgress.remove(data.path("node").asText());
                progress.show(ProgressLine.running(inProgress.size(), nodeCount));
            }
            case "job_complete", "summary" ->
                progress.show(
                        ProgressLine.ended(Screen.printable(data.path("status").asText())));
            default -> {
                // Nothing that this line tells.
            }
        }
    }
}
