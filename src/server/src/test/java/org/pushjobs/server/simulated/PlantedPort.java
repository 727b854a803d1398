package org.pushjobs.server.simulated;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;

/** What a gateway does wrong between its sessions and its agents, where that is {@linkplain Plant planted}. */
final class PlantedPort {
    private static final long AGAIN_MILLIS = 3_000;

    private final Set<Plant> plants;
    private final VirtualProcess process;
    private final Map<String, ServerMessage.Commit> commits = new HashMap<>();
    private boolean jobsAreKnown;

    PlantedPort(Set<Plant> plants, VirtualProcess process) {
        this.plants = plants;
        this.process = process;
    }

    /** Whether the newest term has told which jobs are live. */
    void jobsAreKnown(boolean known) {
        jobsAreKnown = known;
    }

    /** A message of an agent is about to be taken. */
    void heard(VirtualConnection from, AgentMessage message) {
        if (plants.contains(Plant.UNKNOWN_IS_FOREIGN)
                && !jobsAreKnown
                && message.jobId().isPresent()) {
            from.toAgent(new ServerMessage.Abort());
        }
        if (plants.contains(Plant.RESULTS_ARE_ACKNOWLEDGED_AT_ONCE) && isKept(message)) {
            from.toAgent(new ServerMessage.AckResult(message.jobId().orElseThrow()));
        }
    }

    private static boolean isKept(AgentMessage message) {
        boolean isResult = message instanceof AgentMessage.Succeeded || message instanceof AgentMessage.Failed;
        return isResult && !VirtualAgent.isSaidOnce(message);
    }

    /** A message was sent to an agent. */
    void sent(VirtualConnection to, ServerMessage message) {
        switch (message) {
            case ServerMessage.Commit commit -> {
                commits.put(commit.jobId(), commit);
                if (plants.contains(Plant.RUN_BEFORE_QUORUM)) {
                    to.toAgent(new ServerMessage.Run(commit.jobId()));
                }
            }
            case ServerMessage.Run run -> {
                if (plants.contains(Plant.RUN_IS_SENT_AGAIN) && commits.containsKey(run.jobId())) {
                    process.after(AGAIN_MILLIS, () -> {
                        to.toAgent(commits.get(run.jobId()));
                        to.toAgent(run);
                    });
                }
            }
            case ServerMessage.Abort _, ServerMessage.Ack _, ServerMessage.AckResult _, ServerMessage.AckOutput _ -> {
                // nothing is done wrong with them
            }
        }
    }

    /** What the sessions hear of a connection that ends though its agent has not said it. */
    Optional<AgentMessage> lastWord(VirtualConnection ended) {
        return plants.contains(Plant.RESULTS_ARE_INVENTED) ? ended.agent().inventResult() : Optional.empty();
    }
}
