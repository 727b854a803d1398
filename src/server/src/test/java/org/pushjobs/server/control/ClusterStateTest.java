package org.pushjobs.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushjobs.config.ServerRole;
import org.pushjobs.server.cluster.MemberInfo;
import org.pushjobs.server.jobs.TermAge;
import org.pushjobs.server.management.Readiness;
import org.pushjobs.server.store.Lease;

/** What follows from what servers say of themselves. */
class ClusterStateTest {
    private static final Readiness READY = Readiness.of(Optional.empty());
    private static final Optional<Lease> LEASE = Optional.of(new Lease(Optional.of("a"), 3, Duration.ofSeconds(2)));

    private static final MemberState ACTIVE = state("active", term(3), READY, Optional.empty());
    private static final MemberState STANDBY = state("standby", Optional.empty(), READY, Optional.empty());

    private static MemberState state(
            String coordinator, Optional<TermAge> term, Readiness gateway, Optional<MemberState.Drain> drain) {
        return new MemberState(
                Optional.of(new Readiness(coordinator, Optional.empty())),
                term,
                Optional.of(gateway),
                5,
                Optional.of("db:5432"),
                Optional.empty(),
                drain,
                Optional.empty(),
                OptionalInt.of(4));
    }

    private static Optional<TermAge> term(long epoch) {
        return Optional.of(new TermAge(epoch, Duration.ofMinutes(1), Duration.ofMillis(200), Duration.ofSeconds(2)));
    }

    private static Seen seen(String name, Optional<MemberState> state) {
        return seen(name, EnumSet.allOf(ServerRole.class), state);
    }

    private static Seen seen(String name, Set<ServerRole> roles, Optional<MemberState> state) {
        return new Seen(name, name + ":5701", new MemberInfo(name, "4.0.0", name, roles), name.equals("a"), state);
    }

    private static ClusterState cluster(MemberState a, Optional<MemberState> b) {
        return new ClusterState(LEASE, List.of(seen("a", Optional.of(a)), seen("b", b)), 2);
    }

    @Test
    void serverThatStandsByWouldTakeOver() {
        ClusterState cluster = cluster(ACTIVE, Optional.of(STANDBY));

        assertThat(cluster.attention()).isEmpty();
        assertThat(cluster.ifItDied(cluster.self())).isEqualTo("b (b:5701) would take over; it is ready");
        assertThat(cluster.ifItDied(cluster.servers().get(1))).isEqualTo("a (a:5701) would go on running the jobs");
    }

    @Test
    void serverThatIsDrainedWouldNotTakeOver() {
        MemberState drained =
                state("standby", Optional.empty(), READY, Optional.of(new MemberState.Drain(Duration.ofSeconds(3), 1)));

        ClusterState cluster = cluster(ACTIVE, Optional.of(drained));

        assertThat(cluster.ifItDied(cluster.self()))
                .isEqualTo("nobody could take over: b (b:5701): it is being drained");
        assertThat(cluster.attention())
                .containsExactly("b (b:5701): it is being drained", "nobody could take over from a (a:5701)");
    }

    @Test
    void serverWhoseGatewayIsNotOpenWouldNotTakeOver() {
        Readiness closed = Readiness.of(Optional.of("the ports for agents are not open"));

        ClusterState cluster =
                cluster(ACTIVE, Optional.of(state("standby", Optional.empty(), closed, Optional.empty())));

        assertThat(cluster.ifItDied(cluster.self()))
                .isEqualTo("nobody could take over: b (b:5701): it does not serve agents: the ports for agents are not"
                        + " open");
    }

    @Test
    void serverThatDoesNotAnswerWouldNotTakeOver() {
        ClusterState cluster = cluster(ACTIVE, Optional.empty());

        assertThat(cluster.ifItDied(cluster.self()))
                .isEqualTo("nobody could take over: b (b:5701): it does not answer");
        assertThat(cluster.attention())
                .containsExactly("b (b:5701): it does not answer", "nobody could take over from a (a:5701)");
    }

    @Test
    void missingServerIsSaidToBeMissing() {
        ClusterState cluster = new ClusterState(LEASE, List.of(seen("a", Optional.of(ACTIVE))), 2);

        assertThat(cluster.ifItDied(cluster.self())).isEqualTo("nobody could take over: 1 of 2 servers are there");
        assertThat(cluster.attention()).hasSize(2).first().asString().startsWith("1 of 2 servers are there; look");
    }

    @Test
    void serverThatIsMeantToBeAloneIsWellAndHasNoSuccessor() {
        ClusterState cluster = new ClusterState(LEASE, List.of(seen("a", Optional.of(ACTIVE))), 1);

        assertThat(cluster.attention()).isEmpty();
        assertThat(cluster.ifItDied(cluster.self()))
                .isEqualTo("nobody could take over: there is no other server (cluster_members is not set)");
    }

    @Test
    void serverIsDoneWithoutWhileAnotherOneCanHaveTheJobsAndTheAgents() {
        assertThat(cluster(ACTIVE, Optional.of(STANDBY)).whyNotWithoutSelf()).isEmpty();
        assertThat(cluster(STANDBY, Optional.of(ACTIVE)).whyNotWithoutSelf()).isEmpty();
    }

    @Test
    void serverIsNotDoneWithoutWhenNobodyCouldTakeOver() {
        assertThat(cluster(ACTIVE, Optional.empty()).whyNotWithoutSelf())
                .contains("this server runs the jobs and nobody could take over: b (b:5701): it does not answer");
        assertThat(cluster(STANDBY, Optional.empty()).whyNotWithoutSelf())
                .contains("nobody is known to run the jobs and nobody could take over: b (b:5701): it does not answer");
    }

    @Test
    void serverIsNotDoneWithoutWhenNobodyElseServesAgents() {
        Readiness closed = Readiness.of(Optional.of("the ports for agents are not open"));
        MemberState drained =
                state("active", term(3), READY, Optional.of(new MemberState.Drain(Duration.ofSeconds(3), 1)));
        MemberState coordinator = new MemberState(
                ACTIVE.coordinator(),
                ACTIVE.term(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());

        assertThat(whyNotWithoutStandby(state("active", term(3), closed, Optional.empty())))
                .contains("this server serves agents and no other one could: b (b:5701): the ports for agents are not"
                        + " open");
        assertThat(whyNotWithoutStandby(drained))
                .contains("this server serves agents and no other one could: b (b:5701): it is being drained");
        assertThat(whyNotWithoutStandby(coordinator))
                .contains("this server serves agents and no other one could: b (b:5701): it serves no agents, by its"
                        + " roles");
    }

    /** Of the one that stands by, while the other one runs the jobs. */
    private static Optional<String> whyNotWithoutStandby(MemberState other) {
        return cluster(STANDBY, Optional.of(other)).whyNotWithoutSelf();
    }

    @Test
    void frontendIsDoneWithoutWhateverTheOthersDo() {
        MemberState frontend = new MemberState(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
        Seen self = seen("a", EnumSet.of(ServerRole.API), Optional.of(frontend));
        ClusterState cluster = new ClusterState(LEASE, List.of(self, seen("b", Optional.empty())), 2);

        assertThat(cluster.whyNotWithoutSelf()).isEmpty();
    }

    @Test
    void nobodyRunningTheJobsIsExplainedByTheLease() {
        ClusterState held = cluster(STANDBY, Optional.of(STANDBY));
        ClusterState free =
                new ClusterState(Optional.of(new Lease(Optional.empty(), 3, Duration.ZERO)), held.servers(), 2);

        assertThat(held.attention())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("nobody runs the jobs: a has the lease for 2000 ms more and does not answer here");
        assertThat(free.attention())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("nobody runs the jobs: nobody has the lease");
    }

    @Test
    void whatDoesNotGoTogetherIsToBeLookedAt() {
        ClusterState cluster = new ClusterState(
                LEASE,
                List.of(seen("a", Optional.of(ACTIVE)), ConflictsTest.server("b", "4.2.0", Optional.empty())),
                2);

        assertThat(cluster.attention())
                .isEqualTo(Conflicts.among(cluster.servers()))
                .hasSize(1);
    }

    @Test
    void ofTwoThatSayTheyRunTheJobsTheNewerTermCounts() {
        ClusterState cluster = cluster(ACTIVE, Optional.of(state("active", term(4), READY, Optional.empty())));

        assertThat(cluster.active()).map(Seen::nodeId).contains("b");
    }
}
