package org.pushjobs.server.jobs.lease;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.server.jobs.lease.ModelLeases.Network;
import org.pushjobs.server.testing.LogCapture;
import org.pushjobs.server.testing.VirtualSchedule;

class LeaseKeeperTest {
    private static final Duration LEASE = Duration.ofSeconds(3);

    private final VirtualSchedule schedule = new VirtualSchedule();
    private final ModelLeases leases = new ModelLeases(schedule);
    private final Set<String> ended = new HashSet<>();

    /** A keeper, and what it said. */
    private final class Server implements LeaseKeeper.Listener {
        private final List<String> said = new ArrayList<>();
        private final LeaseKeeper keeper;

        private Server(String name) {
            keeper = new LeaseKeeper(schedule, leases, name, this::whyEnded, LEASE, this);
        }

        private Future<Optional<String>> whyEnded(String holder) {
            return Future.succeededFuture(Optional.of("its process has ended").filter(_ -> ended.contains(holder)));
        }

        private Server started() {
            keeper.start();
            return this;
        }

        @Override
        public void established(long epoch) {
            assertThat(keeper.isHeld(epoch)).as("held when it is said").isTrue();
            said.add("term " + epoch);
        }

        @Override
        public void revoked(long epoch, String reason) {
            assertThat(keeper.isHeld(epoch)).as("held when it is over").isFalse();
            said.add("end " + epoch);
        }
    }

    @Test
    void freeLeaseIsTakenAtOnceAndKeptByRenewingItThreeTimes() {
        Server server = new Server("a").started();

        schedule.pass(60_000);

        assertThat(server.said).containsExactly("term 1");
        assertThat(server.keeper.isHeld(1)).isTrue();
        assertThat(server.keeper.isHeld(2)).isFalse();
        assertThat(server.keeper.state()).isInstanceOf(LeaseState.Held.class);
        assertThat(leases.renewals()).isBetween(58L, 60L);
    }

    @Test
    void onlyOneOfTwoHasItAndTheOtherOneTakesOverFromADeadOneWhenItsTimeIsOver() {
        Server b = new Server("b");
        leases.holds("a", LEASE.toMillis());
        b.keeper.start();
        schedule.pass(2_990);
        assertThat(b.said).isEmpty();
        assertThat(b.keeper.state()).isEqualTo(new LeaseState.Elsewhere("a", 1));

        schedule.pass(60);

        assertThat(b.said).containsExactly("term 2");
    }

    @Test
    void oneThatIsRenewedElsewhereIsNeverTaken() {
        Server b = new Server("b").started();
        for (int i = 0; i < 600; i++) {
            leases.holds("a", LEASE.toMillis());
            schedule.pass(1_000);
        }

        assertThat(b.said).isEmpty();
    }

    /** The answer may be as late as it likes: what counts is when the statement was sent. */
    @ParameterizedTest
    @ValueSource(longs = {0, 400, 890})
    void withoutRenewalTheTermEndsBeforeAnotherOneCanTakeIt(long backMillis) {
        Server server = new Server("a");
        leases.backMillis = backMillis;
        server.keeper.start();
        schedule.pass(10_300);
        leases.network = Network.FAILS;
        while (server.said.size() == 1) {
            schedule.pass(1);
        }

        assertThat(server.said).containsExactly("term 1", "end 1");
        assertThat(leases.expiresMillis() - schedule.millis()).isGreaterThanOrEqualTo(LEASE.toMillis() / 6);
        assertThat(leases.epoch()).isEqualTo(1);
    }

    @Test
    void renewalsWhoseAnswersGetLostDoNotCount() {
        Server server = new Server("a").started();
        schedule.pass(10_300);

        leases.network = Network.LOSES_ANSWERS;
        schedule.pass(2_500);

        assertThat(server.said).containsExactly("term 1", "end 1");
    }

    @Test
    void oneRenewalThatFailsIsTriedAgainInTime() {
        Server server = new Server("a").started();
        schedule.pass(10_100);

        for (int i = 0; i < 100; i++) {
            leases.network = i % 2 == 0 ? Network.FAILS : Network.WORKS;
            schedule.pass(1_000);
        }

        assertThat(server.said).containsExactly("term 1");
    }

    @Test
    void afterAnOutageTheSameServerBeginsANewTerm() {
        Server server = new Server("a").started();
        schedule.pass(5_000);
        leases.network = Network.FAILS;
        schedule.pass(30_000);
        assertThat(server.keeper.state()).isInstanceOf(LeaseState.Unable.class);

        leases.network = Network.WORKS;
        schedule.pass(1_100);

        assertThat(server.said).containsExactly("term 1", "end 1", "term 2");
    }

    @Test
    void whoWasStoppedDoesNotHoldItAnyMoreBeforeAnyTimerHasFired() {
        Server server = new Server("a").started();
        schedule.pass(5_000);
        List<Boolean> heldAtWaking = new ArrayList<>();
        schedule.after(1, () -> heldAtWaking.add(server.keeper.isHeld(1)));

        schedule.standStill(2_501);
        schedule.pass(1);

        assertThat(heldAtWaking).containsExactly(false);
        assertThat(server.said.subList(0, 2)).containsExactly("term 1", "end 1");
    }

    @Test
    void whoFindsThatItIsOverHasItEndedAtOnce() {
        Server server = new Server("a").started();
        schedule.pass(5_000);
        schedule.standStill(2_501);

        server.keeper.endIfOver(1);

        assertThat(server.said).containsExactly("term 1", "end 1");
    }

    @Test
    void leaseThatAnotherOneHasTakenIsLostWithTheNextRenewal() {
        Server server = new Server("a").started();
        schedule.pass(5_000);

        leases.holds("b", LEASE.toMillis());
        schedule.pass(1_010);

        assertThat(server.said).containsExactly("term 1", "end 1");
        assertThat(server.keeper.state()).isEqualTo(new LeaseState.Elsewhere("b", 2));
    }

    @Test
    void takingThatLastedLongerThanTheLeaseCountsFromItsRenewal() {
        Server server = new Server("a");
        leases.backMillis = 2_600;
        server.keeper.start();
        schedule.pass(2_650);
        leases.backMillis = 1;
        schedule.pass(2_550);
        assertThat(server.said).as("neither that nor its renewal was in time").isEmpty();

        schedule.pass(50);

        assertThat(server.said).containsExactly("term 1");
    }

    @Test
    void stoppedServerEndsItsTermAndOthersTakeOverAtOnce() {
        Server a = new Server("a").started();
        schedule.pass(2_000);
        Server b = new Server("b").started();
        schedule.pass(500);

        var stopped = a.keeper.stop();
        schedule.pass(10);
        b.keeper.tryNow();
        schedule.pass(10);

        assertThat(stopped.succeeded()).isTrue();
        assertThat(a.said).containsExactly("term 1", "end 1");
        assertThat(b.said).containsExactly("term 2");
        schedule.pass(10_000);
        assertThat(a.said).hasSize(2);
    }

    @Test
    void stopWithoutADatabaseEndsSoon() {
        Server server = new Server("a").started();
        schedule.pass(2_000);
        leases.network = Network.LOSES_ANSWERS;

        var stopped = server.keeper.stop();
        schedule.pass(1_500);

        assertThat(stopped.succeeded()).isTrue();
        assertThat(server.said).containsExactly("term 1", "end 1");
    }

    @Test
    void leaseThatArrivesWhenTheServerStopsIsGivenBack() {
        Server server = new Server("a");
        leases.backMillis = 500;
        server.keeper.start();
        schedule.pass(100);

        server.keeper.stop();
        schedule.pass(1_000);

        assertThat(server.said).isEmpty();
        assertThat(leases.holder()).isEmpty();
    }

    @Test
    void whoGivesItUpLetsTheOthersTryFirst() {
        Server a = new Server("a").started();
        schedule.pass(2_000);
        Server b = new Server("b").started();
        schedule.pass(500);

        a.keeper.yield("its jobs cannot be loaded");
        schedule.pass(1_100);

        assertThat(a.said).containsExactly("term 1", "end 1");
        assertThat(b.said).containsExactly("term 2");
    }

    @Test
    void whoGivesItUpAndIsAloneTakesItAgain() {
        Server a = new Server("a").started();
        schedule.pass(2_000);

        a.keeper.yield("its jobs cannot be loaded");
        schedule.pass(2_100);

        assertThat(a.said).containsExactly("term 1", "end 1", "term 2");
    }

    @Test
    void whoGivesItUpAgainAndAgainDoesSoMoreAndMoreSeldom() {
        Server a = new Server("a").started();
        schedule.every(10, () -> a.keeper.yield("its jobs cannot be loaded"));

        schedule.pass(600_000);

        assertThat(leases.epoch()).isBetween(20L, 25L);
    }

    @Test
    void whoGivesItUpSaysWhenOthersCanHaveIt() {
        Server a = new Server("a").started();
        schedule.pass(2_000);
        leases.thereMillis = 200;

        var given = a.keeper.yield("b takes over");
        schedule.pass(150);
        assertThat(given.isComplete()).isFalse();
        assertThat(a.said).containsExactly("term 1", "end 1");
        schedule.pass(100);

        assertThat(given.succeeded()).isTrue();
        assertThat(leases.holder()).isEmpty();
        assertThat(new Server("b").keeper.yield("it has none").succeeded()).isTrue();
    }

    @Test
    void whoAbstainsTakesALeaseOnlyWhenNobodyElseHasWantedItForLong() {
        leases.holds("dead", LEASE.toMillis());
        Server a = new Server("a");
        a.keeper.abstain(Optional.of(Duration.ofSeconds(15)));
        a.keeper.start();
        schedule.pass(2_500);
        assertThat(a.keeper.state()).isEqualTo(new LeaseState.Elsewhere("dead", 1));

        schedule.pass(14_500);
        assertThat(a.said).isEmpty();
        assertThat(a.keeper.state()).isInstanceOf(LeaseState.Unable.class);
        schedule.pass(3_000);

        assertThat(a.said).containsExactly("term 2");
    }

    @Test
    void whoAbstainsBeginsToCountAnewWhenAnotherOneHasHadItOrThatIsNotKnown() {
        Server a = new Server("a");
        a.keeper.abstain(Optional.of(Duration.ofSeconds(15)));
        a.keeper.start();
        schedule.pass(10_000);
        leases.holds("b", LEASE.toMillis());
        schedule.pass(13_000);
        leases.network = Network.FAILS;
        schedule.pass(3_000);
        leases.network = Network.WORKS;
        schedule.pass(14_000);
        assertThat(a.said).isEmpty();

        schedule.pass(3_000);

        assertThat(a.said).containsExactly("term 2");
    }

    @Test
    void whoAbstainsWithoutEndNeverTakesItAndDoesSoAtOnceWhenItCompetesAgain() {
        leases.holds("dead", 60_000);
        ended.add("dead");
        Server a = new Server("a");
        a.keeper.abstain(Optional.empty());
        a.keeper.start();
        schedule.pass(600_000);
        assertThat(a.said).isEmpty();
        assertThat(leases.epoch()).isEqualTo(1);

        a.keeper.compete();
        schedule.pass(20);

        assertThat(a.said).containsExactly("term 2");
    }

    @Test
    void whoAbstainsKeepsWhatItHas() {
        Server a = new Server("a").started();
        schedule.pass(2_000);

        a.keeper.abstain(Optional.empty());
        schedule.pass(60_000);

        assertThat(a.said).containsExactly("term 1");
    }

    @Test
    void leaseOfAProcessThatIsKnownToHaveEndedIsNotWaitedFor() {
        leases.holds("dead", 60_000);
        ended.add("dead");

        Server server = new Server("a").started();
        schedule.pass(20);

        assertThat(server.said).containsExactly("term 2");
    }

    @Test
    void leaseThatNobodyRenewsEndsAlthoughTheDatabasesClockWasSetBackByAnHour() {
        leases.holds("dead", LEASE.toMillis());
        leases.clockAheadMillis = -3_600_000;
        Server server = new Server("a").started();

        schedule.pass(64_000);
        assertThat(server.said).isEmpty();
        schedule.pass(3_000);

        assertThat(server.said).containsExactly("term 2");
    }

    @Test
    void stepsOfTheDatabasesClockLeaveAHolderAlone() {
        Server server = new Server("a").started();
        for (long step : List.of(600_000L, -3_600_000L, 86_400_000L, 0L)) {
            schedule.pass(5_000);
            leases.clockAheadMillis = step;
        }
        schedule.pass(5_000);

        assertThat(server.said).containsExactly("term 1");
    }

    @Test
    void logTellsEachChangeOnce() {
        try (LogCapture log = new LogCapture(LeaseKeeper.class)) {
            leases.holds("b", LEASE.toMillis());
            new Server("a").started();
            schedule.pass(5_000);
            leases.network = Network.FAILS;
            schedule.pass(60_000);

            assertThat(log.messages(Level.INFO))
                    .containsExactly(
                            "another server is the coordinator, this one stands by [coordinator: b, epoch: 1]",
                            "this server is the coordinator [epoch: 2]");
            assertThat(log.messages(Level.WARN)).hasSize(1).first().asString().contains("not the coordinator any more");
        }
    }
}
