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
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.nodes.NodeSession.JobRelation;

class WatchedJobsTest {
    private static final String ORG = "0".repeat(32);
    private static final NodeRef WEB = new NodeRef(ORG, "web");
    private static final NodeRef DB = new NodeRef(ORG, "db");

    private final WatchedJobs jobs = new WatchedJobs();

    @Test
    void nodeIsWatchedByItsJobsUntilTheLastHasEnded() {
        jobs.watch(job("first", "web", "db"));
        jobs.watch(job("second", "web"));

        assertThat(jobs.of(WEB)).containsExactly("first", "second");
        assertThat(jobs.nodes()).containsExactly(WEB, DB);
        jobs.unwatch("first");
        assertThat(jobs.of(WEB)).containsExactly("second");
        assertThat(jobs.isWatched(DB)).isFalse();
        jobs.unwatch("second");
        jobs.unwatch("second");
        assertThat(jobs.isWatched(WEB)).isFalse();
        assertThat(jobs.nodes()).isEmpty();
    }

    @Test
    void messageIsOfAJobInWhichItsNodeTakesPartOfAnotherOneOrOfNone() {
        jobs.replaceAll(List.of(job("job", "web")));

        assertThat(jobs.relation(WEB, heartbeat(Optional.of("job")))).isEqualTo(JobRelation.TAKES_PART);
        assertThat(jobs.relation(DB, heartbeat(Optional.of("job")))).isEqualTo(JobRelation.FOREIGN);
        assertThat(jobs.relation(WEB, heartbeat(Optional.of("ended")))).isEqualTo(JobRelation.FOREIGN);
        assertThat(jobs.relation(WEB, heartbeat(Optional.empty()))).isEqualTo(JobRelation.NONE);
    }

    @Test
    void jobIsForeignOnlyWhileAllLiveJobsAreKnown() {
        assertThat(jobs.relation(WEB, heartbeat(Optional.of("job")))).isEqualTo(JobRelation.UNKNOWN);
        assertThat(jobs.relation(WEB, heartbeat(Optional.empty()))).isEqualTo(JobRelation.NONE);

        jobs.replaceAll(List.of(job("job", "web")));
        jobs.areUncertain();
        assertThat(jobs.relation(WEB, heartbeat(Optional.of("job")))).isEqualTo(JobRelation.TAKES_PART);
        assertThat(jobs.relation(WEB, heartbeat(Optional.of("other")))).isEqualTo(JobRelation.UNKNOWN);

        jobs.areCertain();
        assertThat(jobs.relation(WEB, heartbeat(Optional.of("other")))).isEqualTo(JobRelation.FOREIGN);
    }

    @Test
    void whatIsNotAmongAllLiveJobsIsNotWatchedAnyMore() {
        jobs.replaceAll(List.of(job("first", "web"), job("second", "db")));

        jobs.replaceAll(List.of(job("second", "db")));

        assertThat(jobs.isWatched(WEB)).isFalse();
        assertThat(jobs.of(DB)).containsExactly("second");
    }

    private static Order.Watched job(String id, String... nodes) {
        return new Order.Watched(id, ORG, List.of(nodes));
    }

    private static AgentMessage heartbeat(Optional<String> job) {
        return new AgentMessage.Heartbeat(
                new AgentEnvelope("web", "jobs.test", "acme", 1, Instant.EPOCH, "1", job), JobState.IDLE);
    }
}
