package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.server.nodes.NodeSession.JobRelation;

class WatchedJobsTest {
    private static final String ORG = "0".repeat(32);
    private static final NodeRef WEB = new NodeRef(ORG, "web");
    private static final NodeRef DB = new NodeRef(ORG, "db");

    private final WatchedJobs jobs = new WatchedJobs();

    @Test
    void nodeIsWatchedByItsJobsUntilTheLastHasEnded() {
        assertThat(jobs.watch("first", ORG, List.of("web", "db"))).containsExactly(WEB, DB);
        jobs.watch("second", ORG, List.of("web"));

        assertThat(jobs.of(WEB)).containsExactly("first", "second");
        jobs.unwatch("first");
        assertThat(jobs.of(WEB)).containsExactly("second");
        assertThat(jobs.isWatched(DB)).isFalse();
        jobs.unwatch("second");
        jobs.unwatch("second");
        assertThat(jobs.isWatched(WEB)).isFalse();
        assertThat(jobs.isLive("second")).isFalse();
    }

    @Test
    void nodeIsAwaitedWhileOneOfItsJobsWaits() {
        jobs.watch("resumed", ORG, List.of("web"));
        jobs.watch("new", ORG, List.of("web", "db"));
        assertThat(jobs.isAwaited(WEB)).isFalse();

        jobs.beginWait("resumed");
        assertThat(jobs.isAwaited(WEB)).isTrue();
        assertThat(jobs.isAwaited(DB)).isFalse();

        jobs.endWait("resumed");
        assertThat(jobs.isAwaited(WEB)).isFalse();
    }

    @Test
    void messageIsOfAJobInWhichItsNodeTakesPartOfAnotherOneOrOfNone() {
        jobs.watch("job", ORG, List.of("web"));

        assertThat(jobs.relation(WEB, heartbeat(Optional.of("job")))).isEqualTo(JobRelation.TAKES_PART);
        assertThat(jobs.relation(DB, heartbeat(Optional.of("job")))).isEqualTo(JobRelation.FOREIGN);
        assertThat(jobs.relation(WEB, heartbeat(Optional.of("ended")))).isEqualTo(JobRelation.FOREIGN);
        assertThat(jobs.relation(WEB, heartbeat(Optional.empty()))).isEqualTo(JobRelation.NONE);
    }

    private static AgentMessage heartbeat(Optional<String> job) {
        return new AgentMessage.Heartbeat(
                new AgentEnvelope("web", "jobs.test", "acme", 1, Instant.EPOCH, "1", job), JobState.IDLE);
    }
}
