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
        assertThat(jobs.nodes()).containsExactlyInAnyOrder(WEB, DB);
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
        jobs.heardUpTo(1);

        assertThat(jobs.relation(WEB, heartbeat(Optional.of("job")), 1)).isEqualTo(JobRelation.TAKES_PART);
        assertThat(jobs.relation(DB, heartbeat(Optional.of("job")), 1)).isEqualTo(JobRelation.FOREIGN);
        assertThat(jobs.relation(WEB, heartbeat(Optional.of("ended")), 1)).isEqualTo(JobRelation.FOREIGN);
        assertThat(jobs.relation(WEB, heartbeat(Optional.empty()), 1)).isEqualTo(JobRelation.NONE);
    }

    @Test
    void jobIsForeignOnlyInASessionThatTheTermHadHeardOf() {
        AgentMessage ofOther = heartbeat(Optional.of("other"));
        jobs.replaceAll(List.of(job("job", "web")));
        jobs.heardUpTo(7);

        assertThat(jobs.relation(WEB, ofOther, 7)).isEqualTo(JobRelation.FOREIGN);
        assertThat(jobs.relation(WEB, ofOther, 8)).isEqualTo(JobRelation.UNKNOWN);
        assertThat(jobs.relation(WEB, ofOther)).isEqualTo(JobRelation.UNKNOWN);
        assertThat(jobs.relation(WEB, heartbeat(Optional.of("job")))).isEqualTo(JobRelation.TAKES_PART);
        assertThat(jobs.relation(WEB, heartbeat(Optional.empty()))).isEqualTo(JobRelation.NONE);
    }

    @Test
    void jobIsNotForeignBeforeATermHasToldWhichAreLive() {
        AgentMessage ofOther = heartbeat(Optional.of("other"));
        assertThat(jobs.areKnown()).isFalse();
        assertThat(jobs.relation(WEB, ofOther, 0)).isEqualTo(JobRelation.UNKNOWN);

        jobs.replaceAll(List.of(job("job", "web")));
        jobs.heardUpTo(7);
        jobs.areOfAnEarlierTerm();

        assertThat(jobs.areKnown()).isFalse();
        assertThat(jobs.relation(WEB, ofOther, 7)).isEqualTo(JobRelation.UNKNOWN);
        assertThat(jobs.relation(WEB, heartbeat(Optional.of("job")), 7)).isEqualTo(JobRelation.TAKES_PART);
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
