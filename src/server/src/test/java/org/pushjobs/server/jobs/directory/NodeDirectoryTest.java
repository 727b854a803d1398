package org.pushjobs.server.jobs.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.Capabilities;
import org.pushjobs.server.facts.Departure;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Orders;
import org.pushjobs.server.facts.Standing;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.testing.VirtualSchedule;

class NodeDirectoryTest {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final String JOB = "job-1";
    private static final long EPOCH = 7;
    private static final NodeRef WEB = new NodeRef(ORG, "web-1");
    private static final NodeRef DB = new NodeRef(ORG, "db-1");
    private static final int INTERVAL_MILLIS = 10_000;
    /** Six intervals and five seconds. */
    private static final long GRACE_MILLIS = 65_000;

    private final VirtualSchedule schedule = new VirtualSchedule();
    private final List<String> concluded = new ArrayList<>();
    private final List<Orders> sent = new ArrayList<>();
    private final Set<NodeRef> told = new HashSet<>();
    private final Set<NodeRef> elsewhere = new HashSet<>();
    private Set<NodeRef> known = Set.of();
    private Optional<Set<String>> all = Optional.empty();
    private final NodeDirectory directory = new NodeDirectory(EPOCH, new Sent(), schedule, () -> all);
    private final FactIntake intake = new FactIntake(directory, schedule, new Told(), INTERVAL_MILLIS, new Noted());
    private final Map<String, Gateway> gateways = new HashMap<>();

    // ---- how many are down

    private Map<DownNodes.Reason, Integer> down() {
        gateway("a").listensFor(11_000);
        Map<DownNodes.Reason, Integer> counted = new EnumMap<>(DownNodes.Reason.class);
        for (DownNodes.Reason reason : DownNodes.Reason.values()) {
            intake.down().count(reason).filter(count -> count > 0).ifPresent(count -> counted.put(reason, count));
        }
        return counted;
    }

    private static NodeRef node(String name) {
        return new NodeRef(ORG, name);
    }

    @Test
    void nodesThatAreDownAreCountedByHowTheyStandAndHowTheyLeft() {
        all = Optional.of(Set.of("a"));
        gateway("a")
                .tellsAll(
                        attached(WEB, 1, "one", Standing.AVAILABLE),
                        attached(DB, 2, "two", Standing.REHAB),
                        attached(node("clock"), 3, "three", Standing.WRONG_TIME),
                        attached(node("lost"), 4, "four", Standing.UNREACHABLE),
                        attached(node("held"), 5, "five", Standing.HELD),
                        attached(node("off"), 6, "six", Standing.AVAILABLE),
                        attached(node("two"), 7, "seven", Standing.AVAILABLE),
                        attached(node("gone"), 8, "eight", Standing.AVAILABLE));
        known = Set.of(WEB, DB, node("never"));

        gateway("a").tells(new Fact.Detached(node("off"), 6, "", Optional.of(Departure.STOPPED)));
        gateway("a").tells(new Fact.Detached(node("two"), 7, "", Optional.of(Departure.CONTESTED)));
        gateway("a").tells(new Fact.Detached(node("gone"), 8, "", Optional.empty()));

        assertThat(down())
                .containsOnly(
                        entry(DownNodes.Reason.IN_REHAB, 1),
                        entry(DownNodes.Reason.CLOCK_SKEW, 1),
                        entry(DownNodes.Reason.DISCONNECTED, 1),
                        entry(DownNodes.Reason.WENT_SILENT, 2),
                        entry(DownNodes.Reason.AGENT_STOPPED, 1),
                        entry(DownNodes.Reason.DUPLICATE_AGENTS, 1),
                        entry(DownNodes.Reason.NOT_HEARD, 1));
    }

    @Test
    void nodesThatComeBackOrAreForgottenAreNotDownAnyMore() {
        all = Optional.of(Set.of("a"));
        known = Set.of(WEB, DB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE), attached(DB, 2, "two", Standing.AVAILABLE));
        gateway("a").tells(new Fact.Detached(WEB, 1, "", Optional.of(Departure.STOPPED)));
        gateway("a").tells(new Fact.Detached(DB, 2, "", Optional.of(Departure.SILENT)));
        assertThat(down())
                .containsOnly(entry(DownNodes.Reason.AGENT_STOPPED, 1), entry(DownNodes.Reason.WENT_SILENT, 1));

        gateway("a").tells(attached(WEB, 3, "one", Standing.AVAILABLE));
        known = Set.of(WEB);

        assertThat(down()).isEmpty();
    }

    @Test
    void nobodyIsDownBeforeAllGatewaysHaveTold() {
        all = Optional.of(Set.of("a", "b"));
        known = Set.of(WEB);
        gateway("a").tellsAll();

        intake.beat();

        assertThat(intake.down().count(DownNodes.Reason.NOT_HEARD)).isEmpty();
    }

    // ---- what is known of nodes

    @Test
    void aNodeIsAvailableWhereItsGatewaySaysSo() {
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE), attached(DB, 2, "two", Standing.REHAB));

        assertThat(directory.isAvailable(WEB)).isTrue();
        assertThat(directory.isAvailable(DB)).isFalse();
        assertThat(directory.count()).isEqualTo(2);
        assertThat(directory.gatewayOf(WEB)).contains("a");
    }

    @Test
    void aNodeThatIsSilentOverAnOpenConnectionIsNotOnline() {
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.HELD), attached(DB, 2, "", Standing.CONNECTED));

        assertThat(directory.count()).isZero();
        assertThat(directory.find(WEB)).isEmpty();
        assertThat(directory.list(ORG)).isEmpty();
    }

    @Test
    void aNodeThatComesToAnotherGatewayIsThere() {
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        gateway("b").tellsAll();
        schedule.pass(1_000);

        gateway("b").tells(attached(WEB, 1, "one", Standing.AVAILABLE));

        assertThat(directory.gatewayOf(WEB)).contains("b");
    }

    @Test
    void aGatewayThatHasNotNoticedThatANodeLeftItDoesNotGetItBack() {
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        gateway("b").tellsAll();
        schedule.pass(1_000);
        gateway("b").tells(attached(WEB, 1, "one", Standing.AVAILABLE));
        schedule.pass(1_000);
        concluded.clear();

        gateway("a").tells(attached(WEB, 1, "one", Standing.DISCONNECTED));
        gateway("a").tells(attached(WEB, 1, "one", Standing.UNREACHABLE));
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        gateway("a").tells(new Fact.Detached(WEB, 1, "silence", Optional.empty()));

        assertThat(directory.gatewayOf(WEB)).contains("b");
        assertThat(concluded).isEmpty();
    }

    @Test
    void ofTwoGatewaysThatBothTellOfANodeTheOneThatHeardItLaterHasIt() {
        gateway("a").tellsAll(silentFor(20_000, attached(WEB, 5, "one", Standing.AVAILABLE)));
        gateway("b").tellsAll(silentFor(300, attached(WEB, 1, "one", Standing.AVAILABLE)));
        assertThat(directory.gatewayOf(WEB)).contains("b");

        gateway("c").tellsAll(silentFor(5_000, attached(WEB, 1, "one", Standing.AVAILABLE)));
        assertThat(directory.gatewayOf(WEB)).contains("b");
    }

    @Test
    void aNodeThatReturnsToAGatewayIsThereAgain() {
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        gateway("b").tellsAll();
        schedule.pass(1_000);
        gateway("b").tells(attached(WEB, 1, "one", Standing.AVAILABLE));
        schedule.pass(1_000);

        gateway("a").tells(attached(WEB, 2, "one", Standing.AVAILABLE));

        assertThat(directory.gatewayOf(WEB)).contains("a");
    }

    /** A gateway says once how a node stands. */
    @Test
    void aNodeThatItsGatewayDoesNotHaveIsAtAnotherOneThatHasTold() {
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        gateway("b").tellsAll(silentFor(2_000, attached(WEB, 1, "one", Standing.AVAILABLE)));
        assertThat(directory.gatewayOf(WEB)).contains("a");
        concluded.clear();

        gateway("a").tells(new Fact.Detached(WEB, 1, "silence", Optional.empty()));

        assertThat(directory.gatewayOf(WEB)).contains("b");
        assertThat(concluded).containsExactly("in doubt web-1");
    }

    @Test
    void aNodeIsBackAtItsGatewayWhenTheOneThatToldLateDoesNotHaveIt() {
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        gateway("b").tellsAll();
        schedule.pass(1_000);
        gateway("b").tells(attached(WEB, 1, "one", Standing.AVAILABLE));
        concluded.clear();

        gateway("b").tells(new Fact.Detached(WEB, 1, "silence", Optional.empty()));

        assertThat(directory.gatewayOf(WEB)).contains("a");
        assertThat(concluded).containsExactly("in doubt web-1");
    }

    @Test
    void aNodeThatIsNotHeardWhereItIsIsAtAnotherGatewayThatHearsIt() {
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        gateway("b").tellsAll(silentFor(2_000, attached(WEB, 1, "one", Standing.AVAILABLE)));

        gateway("a").tells(attached(WEB, 1, "one", Standing.DISCONNECTED));

        assertThat(directory.gatewayOf(WEB)).contains("b");
    }

    @Test
    void whatAGatewayNoLongerSaysOfANodeDoesNotCount() {
        allHaveTold();
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        gateway("b").tellsAll(silentFor(2_000, attached(WEB, 1, "one", Standing.AVAILABLE)));
        gateway("c").tellsAll(silentFor(3_000, attached(WEB, 1, "one", Standing.AVAILABLE)));
        concluded.clear();

        gateway("b").tells(new Fact.Detached(WEB, 1, "silence", Optional.empty()));
        gateway("c").tellsAll();
        gateway("a").tells(new Fact.Detached(WEB, 1, "silence", Optional.empty()));

        assertThat(concluded).containsExactly("down web-1");
    }

    @Test
    void nodesOfAGatewayThatIsGoneAreAtOnceAtOneThatHasToldOfThem() {
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        gateway("b").tellsAll(silentFor(2_000, attached(WEB, 1, "one", Standing.AVAILABLE)));
        concluded.clear();

        gateway("b").listensFor(NodeDirectory.GONE_AFTER_MILLIS);

        assertThat(directory.gatewayOf(WEB)).contains("b");
        assertThat(concluded).containsExactly("in doubt web-1");
    }

    @Test
    void inANewTermAnotherGatewayMayStillTellOfANodeThatOneHasLost() {
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        concluded.clear();

        gateway("a").tells(new Fact.Detached(WEB, 1, "silence", Optional.empty()));
        gateway("b").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));

        assertThat(concluded).containsExactly("in doubt web-1");
    }

    @Test
    void inANewTermANodeThatOneGatewayDoesNotHearIsWaitedFor() {
        watch(WEB);

        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.UNREACHABLE));
        assertThat(concluded).containsExactly("in doubt web-1");

        gateway("a").listensFor(GRACE_MILLIS);
        assertThat(concluded).containsExactly("in doubt web-1", "unreachable web-1");
    }

    @Test
    void gatewaysHaveAWhileToTellWhatTheyHave() {
        assertThat(directory.millisUntilAllHaveTold()).isEqualTo(NodeDirectory.GONE_AFTER_MILLIS);

        allHaveTold();
        assertThat(directory.millisUntilAllHaveTold()).isZero();
    }

    @Test
    void whereItIsKnownWhichGatewaysThereAreNobodyElseIsWaitedFor() {
        all = Optional.of(Set.of("a", "b"));
        gateway("a").tellsAll();
        assertThat(directory.millisUntilAllHaveTold()).isPositive();

        gateway("b").tellsAll();

        assertThat(directory.millisUntilAllHaveTold()).isZero();
    }

    // ---- conclusions

    @Test
    void aNewConnectionOfTheSameAgentIsADoubt() {
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        concluded.clear();

        gateway("a").tells(attached(WEB, 2, "one", Standing.AVAILABLE));

        assertThat(concluded).containsExactly("in doubt web-1");
    }

    @Test
    void anAgentThatWasRestartedIsDown() {
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        concluded.clear();

        gateway("a").tells(attached(WEB, 2, "another", Standing.REHAB));

        assertThat(concluded).startsWith("down web-1");
    }

    @Test
    void aChangeOfHowANodeStandsIsNoDoubt() {
        allHaveTold();
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        concluded.clear();

        gateway("a").tells(attached(WEB, 1, "one", Standing.REHAB));
        gateway("a").tells(attached(WEB, 1, "one", Standing.DISCONNECTED));
        gateway("a").tells(attached(WEB, 1, "one", Standing.UNREACHABLE));
        gateway("a").tells(attached(WEB, 1, "one", Standing.HELD));

        assertThat(concluded).containsExactly("unreachable web-1");
    }

    @Test
    void aNodeThatIsDetachedIsDown() {
        allHaveTold();
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        concluded.clear();

        gateway("a").tells(new Fact.Detached(WEB, 1, "silence", Optional.empty()));

        assertThat(concluded).containsExactly("down web-1");
        assertThat(directory.find(WEB)).isEmpty();
    }

    @Test
    void nothingIsConcludedOfNodesThatHaveNoPartInAJob() {
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        gateway("a").tells(attached(WEB, 2, "another", Standing.UNREACHABLE));
        gateway("a").tells(new Fact.Detached(WEB, 2, "silence", Optional.empty()));

        assertThat(concluded).isEmpty();
    }

    @Test
    void whatAnAgentDoesCountsOnlyInTheSessionThatItHas() {
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 2, "one", Standing.AVAILABLE));
        concluded.clear();

        gateway("a").tells(new Fact.Doing(WEB, 1, JobState.RUNNING, Optional.of(JOB), 1));
        gateway("a").tells(new Fact.Doing(WEB, 2, JobState.RUNNING, Optional.of(JOB), 1));

        assertThat(concluded).containsExactly("running web-1");
    }

    // ---- what gets lost

    @Test
    void missingFactsAreAskedForAndEverythingSettlesThem() {
        watch(WEB);
        Gateway a = gateway("a");
        a.tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        schedule.pass(1);
        sent.clear();
        concluded.clear();

        a.loses(1);
        a.tells(attached(WEB, 1, "one", Standing.REHAB));
        schedule.pass(1);
        assertThat(ordersTo("a")).containsExactly(new Order.TellAll());
        assertThat(directory.isAvailable(WEB)).isTrue();

        a.tellsAll(attached(WEB, 1, "one", Standing.REHAB));
        assertThat(directory.isAvailable(WEB)).isFalse();
        assertThat(concluded).containsExactly("in doubt web-1");
    }

    @Test
    void theLastFactsAreMissedByTheNextBeat() {
        Gateway a = gateway("a");
        a.tellsAll();
        schedule.pass(1);
        sent.clear();

        a.loses(2);
        a.tells();
        schedule.pass(1);

        assertThat(ordersTo("a")).containsExactly(new Order.TellAll());
    }

    @Test
    void whatIsGoneWhenEverythingIsToldWasDetached() {
        allHaveTold();
        watch(WEB);
        Gateway a = gateway("a");
        a.tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        concluded.clear();

        a.tellsAll(said(WEB, 1, 1, "ack"));

        assertThat(concluded).containsExactly("said 1 web-1", "down web-1");
    }

    @Test
    void aGatewayThatIsNotKnownIsToldTheLiveJobsAndAskedForEverything() {
        watch(WEB);

        gateway("a").tells();
        schedule.pass(1);

        assertThat(ordersTo("a")).containsExactly(new Order.WatchAll(List.of(watched(WEB))), new Order.TellAll());
        assertThat(sent.getFirst().first()).isOne();
    }

    @Test
    void ordersBeginAnewWhenEverythingIsTold() {
        Gateway a = gateway("a");
        a.tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        directory.send(ORG, List.of("web-1"), new ServerMessage.Abort());
        schedule.pass(1);
        assertThat(ordersTo("a")).hasSize(2);
        sent.clear();

        a.tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        schedule.pass(1);

        assertThat(ordersTo("a")).containsExactly(new Order.WatchAll(List.of()));
    }

    /** If the numbers began anew, too, orders after a beginning that got lost would look like repeated ones. */
    @Test
    void numbersOfOrdersAreNeverUsedAgain() {
        Gateway a = gateway("a");
        a.tellsAll();
        schedule.pass(1);
        a.tellsAll();
        schedule.pass(1);
        gateway("b").tellsAll();
        gateway("b").listensFor(NodeDirectory.GONE_AFTER_MILLIS);
        a.tells();
        schedule.pass(1);

        long next = 0;
        for (Orders orders :
                sent.stream().filter(to -> to.gateway().equals("a")).toList()) {
            assertThat(orders.first()).isGreaterThanOrEqualTo(next);
            next = orders.first() + orders.orders().size();
        }
        assertThat(ordersTo("a")).filteredOn(Order.WatchAll.class::isInstance).hasSize(3);
    }

    @Test
    void factsForAnotherTermArePassedOver() {
        intake.arrived(new Facts("a", EPOCH - 1, 1, true, 0, List.of(attached(WEB, 1, "one", Standing.AVAILABLE))));

        assertThat(directory.count()).isZero();
    }

    // ---- orders

    @Test
    void messagesGoToTheGatewayThatHasTheNode() {
        gateway("a").tellsAll(attached(WEB, 3, "one", Standing.AVAILABLE));
        gateway("b").tellsAll(attached(DB, 4, "two", Standing.AVAILABLE));
        schedule.pass(1);
        sent.clear();

        directory.send(ORG, List.of("web-1", "db-1", "unknown"), new ServerMessage.Run(JOB));
        schedule.pass(1);

        assertThat(ordersTo("a"))
                .containsExactly(new Order.Send(List.of(new Order.Addressee(WEB, 3)), new ServerMessage.Run(JOB)));
        assertThat(ordersTo("b"))
                .containsExactly(new Order.Send(List.of(new Order.Addressee(DB, 4)), new ServerMessage.Run(JOB)));
    }

    @Test
    void whatIsOrderedInOneMomentGoesTogether() {
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        schedule.pass(1);
        sent.clear();

        directory.watch(watched(WEB));
        directory.rehabilitate(WEB);
        directory.acknowledge("a", 9);
        directory.unwatch(JOB);
        schedule.pass(1);

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().orders())
                .containsExactly(
                        new Order.Watch(watched(WEB)),
                        new Order.Rehabilitate(new Order.Addressee(WEB, 1)),
                        new Order.AckReports(9),
                        new Order.Unwatch(JOB));
    }

    /** What a node may have been asked over another gateway was ordered before it was heard of here. */
    @Test
    void aNodeThatIsToBeAbortedAndIsNotThereIsAbortedWhenItComes() {
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        gateway("a").tells(new Fact.Detached(WEB, 1, "silence", Optional.empty()));

        directory.rehabilitate(WEB);
        intake.beat();
        gateway("a").tells(attached(WEB, 2, "", Standing.CONNECTED));
        schedule.pass(1_000);
        assertThat(ordersTo("a")).noneMatch(Order.Rehabilitate.class::isInstance);

        gateway("a").tells(attached(WEB, 3, "two", Standing.AVAILABLE));
        gateway("a").tells(attached(WEB, 4, "two", Standing.AVAILABLE));
        schedule.pass(1_000);
        assertThat(ordersTo("a"))
                .filteredOn(Order.Rehabilitate.class::isInstance)
                .containsExactly(new Order.Rehabilitate(new Order.Addressee(WEB, 3)));
    }

    @Test
    void aNodeThatComesWhenItsJobHasEndedIsLeftToItsGateway() {
        watch(WEB);
        gateway("a").tellsAll();
        directory.rehabilitate(WEB);
        directory.unwatch(JOB);
        intake.beat();
        watch(WEB);

        gateway("a").tells(attached(WEB, 1, "one", Standing.AVAILABLE));
        schedule.pass(1_000);

        assertThat(ordersTo("a")).noneMatch(Order.Rehabilitate.class::isInstance);
    }

    @Test
    void soIsOneThatComesRightAfterItsEnd() {
        watch(WEB);
        gateway("a").tellsAll();
        directory.rehabilitate(WEB);
        directory.unwatch(JOB);

        gateway("a").tells(attached(WEB, 1, "one", Standing.REHAB));
        schedule.pass(1_000);

        assertThat(ordersTo("a")).noneMatch(Order.Rehabilitate.class::isInstance);
    }

    @Test
    void ordersSayOfWhichSessionsTheTermHadHeard() {
        Gateway a = gateway("a");
        a.tellsAll(attached(WEB, 3, "one", Standing.AVAILABLE), attached(DB, 2, "one", Standing.AVAILABLE));
        schedule.pass(1);
        assertThat(sent.getLast().heard()).isEqualTo(3);

        a.tells(attached(DB, 4, "one", Standing.AVAILABLE), attached(WEB, 3, "one", Standing.REHAB));
        intake.beat();
        assertThat(sent.getLast().heard()).isEqualTo(4);

        a.loses(1);
        a.tells(attached(WEB, 5, "one", Standing.AVAILABLE));
        intake.beat();
        assertThat(sent.getLast().heard()).isEqualTo(4);
    }

    // ---- nodes that are waited for

    @Test
    void nodesOfResumedJobsHaveTimeToComeBack() {
        intake.watchResumed(watched(WEB, DB));
        intake.beat();
        Gateway a = gateway("a");
        a.tellsAll();

        a.tells(attached(WEB, 1, "one", Standing.AVAILABLE));
        a.listensFor(GRACE_MILLIS - 1);
        assertThat(concluded).containsExactly("in doubt web-1");

        a.listensFor(1);
        assertThat(concluded).containsExactly("in doubt web-1", "down db-1");
    }

    @Test
    void timeInWhichNoGatewayListensDoesNotCount() {
        intake.watchResumed(watched(WEB));
        intake.beat();
        Gateway a = gateway("a");
        a.tellsAll();

        for (int n = 0; n < 100; n++) {
            schedule.pass(1_000);
            a.tells();
            intake.beat();
        }

        assertThat(concluded).isEmpty();
    }

    @Test
    void aNodeWithAConnectionOverWhichNothingCameIsUnreachableAndNotDown() {
        intake.watchResumed(watched(WEB));
        intake.beat();
        Gateway a = gateway("a");
        a.tellsAll(attached(WEB, 1, "", Standing.CONNECTED));
        concluded.clear();

        a.listensFor(GRACE_MILLIS);

        assertThat(concluded).containsExactly("unreachable web-1");
    }

    @Test
    void agentsThatWereToldOtherAddressesAreWaitedForUntilTheyHaveAskedAgain() {
        elsewhere.add(WEB);
        intake.watchResumed(watched(WEB));
        intake.beat();
        Gateway a = gateway("a");
        a.tellsAll();

        for (int n = 0; n < 3; n++) {
            a.listensFor(GRACE_MILLIS);
        }
        assertThat(concluded).isEmpty();

        elsewhere.clear();
        a.listensFor(GRACE_MILLIS);
        assertThat(concluded).isEmpty();
        a.listensFor(GRACE_MILLIS);
        assertThat(concluded).containsExactly("down web-1");
    }

    @Test
    void nodesOfAGatewayThatIsGoneMayComeToAnother() {
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE), attached(DB, 2, "two", Standing.AVAILABLE));
        Gateway b = gateway("b");
        b.tellsAll();
        concluded.clear();

        b.listensFor(NodeDirectory.GONE_AFTER_MILLIS);
        assertThat(directory.gateways()).containsExactly("b");
        assertThat(directory.count()).isZero();
        assertThat(concluded).isEmpty();

        b.tells(attached(WEB, 1, "one", Standing.AVAILABLE));
        assertThat(concluded).containsExactly("in doubt web-1");
        b.listensFor(2 * GRACE_MILLIS);
        assertThat(concluded).containsExactly("in doubt web-1");
    }

    @Test
    void nodesOfAGatewayThatIsGoneAreDownWhenTheyDoNotComeToAnother() {
        watch(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        Gateway b = gateway("b");
        b.tellsAll();
        concluded.clear();

        b.listensFor(NodeDirectory.GONE_AFTER_MILLIS + GRACE_MILLIS + 1_000);

        assertThat(concluded).containsExactly("down web-1");
    }

    @Test
    void aNodeThatLeavesWhileAGatewayIsMissingMayBeThere() {
        all = Optional.of(Set.of("a", "b"));
        watch(WEB, DB);
        Gateway a = gateway("a");
        a.tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE), attached(DB, 2, "two", Standing.AVAILABLE));
        gateway("b").tellsAll();
        concluded.clear();
        a.listensFor(NodeDirectory.GONE_AFTER_MILLIS);
        assertThat(directory.millisUntilAllHaveTold()).isZero();
        assertThat(directory.millisUntilNoneIsMissing()).isEqualTo(NodeDirectory.RETURN_MILLIS);

        // when
        a.tells(new Fact.Detached(WEB, 1, "it has closed its connection", Optional.empty()));
        a.tells(attached(DB, 2, "two", Standing.UNREACHABLE));

        // then
        assertThat(concluded).isEmpty();
        gateway("b").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        assertThat(directory.millisUntilNoneIsMissing()).isZero();
        assertThat(concluded).containsExactly("in doubt web-1");

        // and: one that does not come is gone
        a.listensFor(GRACE_MILLIS);
        assertThat(concluded).containsExactly("in doubt web-1", "unreachable db-1");
    }

    @Test
    void aGatewayThatIsMissingForLongIsNotWaitedForAnyMore() {
        all = Optional.of(Set.of("a", "b"));
        watch(WEB);
        Gateway a = gateway("a");
        a.tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        gateway("b").tellsAll();
        a.listensFor(NodeDirectory.GONE_AFTER_MILLIS + NodeDirectory.RETURN_MILLIS);
        concluded.clear();

        a.tells(new Fact.Detached(WEB, 1, "it has closed its connection", Optional.empty()));

        assertThat(concluded).containsExactly("down web-1");
    }

    @Test
    void aGatewayThatWasTakenForGoneIsAskedForEverything() {
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        Gateway b = gateway("b");
        b.tellsAll();
        b.listensFor(NodeDirectory.GONE_AFTER_MILLIS);
        schedule.pass(1);
        sent.clear();

        gateway("a").tells();
        schedule.pass(1);

        assertThat(ordersTo("a")).containsExactly(new Order.WatchAll(List.of()), new Order.TellAll());
    }

    // ---- nodes of jobs that begin

    @Test
    void inANewTermANodeThatWasToldWhereToComeIsWaitedFor() {
        told.add(WEB);
        told.add(DB);
        intake.beat();
        Gateway a = gateway("a");
        a.tellsAll();
        a.listensFor(1_000);

        watch(WEB, DB);
        assertThat(intake.awaitIfExpected(WEB)).isTrue();
        assertThat(intake.awaitIfExpected(DB)).isTrue();
        a.tells(attached(WEB, 1, "one", Standing.AVAILABLE));
        a.listensFor(GRACE_MILLIS - 1_001);
        assertThat(concluded).containsExactly("in doubt web-1");

        a.listensFor(1);
        assertThat(concluded).containsExactly("in doubt web-1", "down db-1");
    }

    @Test
    void oneThatIsConnectedAndHasYetToSpeakIsWaitedFor() {
        told.add(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "", Standing.CONNECTED));

        assertThat(intake.awaitIfExpected(WEB)).isTrue();
    }

    @Test
    void aNodeThatWasNeverToldWhereToComeIsNotExpected() {
        gateway("a").tellsAll();

        assertThat(intake.awaitIfExpected(WEB)).isFalse();
    }

    @Test
    void aNodeThatHasComeAndLeftIsNotExpected() {
        told.add(WEB);
        Gateway a = gateway("a");
        a.tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE));
        a.tells(new Fact.Detached(WEB, 1, "it has closed its connection", Optional.empty()));

        assertThat(intake.awaitIfExpected(WEB)).isFalse();
    }

    @Test
    void aNodeThatItsGatewayDoesNotHearIsNotExpected() {
        told.add(WEB);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.UNREACHABLE));

        assertThat(intake.awaitIfExpected(WEB)).isFalse();
    }

    @Test
    void whoHasNotComeWhenTheTermIsNotNewAnyMoreIsNotExpected() {
        told.add(WEB);
        intake.beat();
        Gateway a = gateway("a");
        a.tellsAll();

        a.listensFor(GRACE_MILLIS);

        assertThat(intake.awaitIfExpected(WEB)).isFalse();
    }

    @Test
    void aNodeWhoseGatewayIsGoneIsExpected() {
        Gateway b = gateway("b");
        b.tellsAll();
        b.listensFor(GRACE_MILLIS);
        gateway("a").tellsAll(attached(WEB, 1, "one", Standing.AVAILABLE), attached(DB, 2, "two", Standing.AVAILABLE));
        b.listensFor(NodeDirectory.GONE_AFTER_MILLIS);
        assertThat(directory.count()).isZero();

        assertThat(intake.awaitIfExpected(WEB)).isTrue();
        b.tells(attached(DB, 1, "two", Standing.AVAILABLE));
        b.tells(new Fact.Detached(DB, 1, "it has closed its connection", Optional.empty()));
        assertThat(intake.awaitIfExpected(DB)).isFalse();

        b.listensFor(GRACE_MILLIS + 1_000);
        assertThat(intake.awaitIfExpected(WEB)).isFalse();
    }

    // ---- given

    /** The term is not new any more. */
    private void allHaveTold() {
        schedule.pass(NodeDirectory.GONE_AFTER_MILLIS);
    }

    private void watch(NodeRef... nodes) {
        directory.watch(watched(nodes));
    }

    private static Order.Watched watched(NodeRef... nodes) {
        return new Order.Watched(
                JOB, ORG, Arrays.stream(nodes).map(NodeRef::node).toList());
    }

    private static Fact.Attached attached(NodeRef node, long session, String incarnation, Standing standing) {
        return new Fact.Attached(node, session, incarnation, standing, Capabilities.PLAIN, Instant.EPOCH, 0);
    }

    private static Fact.Attached silentFor(long millis, Fact.Attached fact) {
        return new Fact.Attached(
                fact.node(),
                fact.session(),
                fact.incarnation(),
                fact.standing(),
                fact.capabilities(),
                fact.changedAt(),
                millis);
    }

    private static Fact.Said said(NodeRef node, long session, long report, String incarnation) {
        return new Fact.Said(
                node,
                session,
                report,
                false,
                new AgentMessage.AckCommit(new AgentEnvelope(
                        node.node(), "host", "acme", 1, Instant.EPOCH, incarnation, Optional.of(JOB))));
    }

    private List<Order> ordersTo(String gateway) {
        return sent.stream()
                .filter(orders -> orders.gateway().equals(gateway))
                .flatMap(orders -> orders.orders().stream())
                .toList();
    }

    private Gateway gateway(String id) {
        return gateways.computeIfAbsent(id, Gateway::new);
    }

    private final class Gateway {
        private final String id;
        private long next = 1;
        private long listenedMillis;

        private Gateway(String id) {
            this.id = id;
        }

        private void tellsAll(Fact... facts) {
            intake.arrived(new Facts(id, EPOCH, next, true, listenedMillis, List.of(facts)));
            next += facts.length;
        }

        private void tells(Fact... facts) {
            intake.arrived(new Facts(id, EPOCH, next, false, listenedMillis, List.of(facts)));
            next += facts.length;
        }

        private void loses(int facts) {
            next += facts;
        }

        /** Beats each second, as the term does. */
        private void listensFor(long millis) {
            for (long left = millis; left > 0; left -= 1_000) {
                long step = Math.min(1_000, left);
                schedule.pass(step);
                listenedMillis += step;
                tells();
                intake.beat();
            }
        }
    }

    private final class Sent implements Lines {
        @Override
        public void send(Facts facts) {
            throw new AssertionError("a term states no facts");
        }

        @Override
        public void send(Orders orders) {
            sent.add(orders);
        }

        @Override
        public void publish(TermBeat beat) {
            assertThat(beat.epoch()).isEqualTo(EPOCH);
        }
    }

    private final class Told implements ToldConfigs {
        @Override
        public int intervalMillis(NodeRef node) {
            return told.contains(node) ? INTERVAL_MILLIS : 0;
        }

        @Override
        public boolean isElsewhere(NodeRef node) {
            return elsewhere.contains(node);
        }

        @Override
        public Set<NodeRef> nodes() {
            return known;
        }
    }

    private final class Noted implements Conclusions {
        @Override
        public void down(NodeRef node) {
            concluded.add("down " + node.node());
        }

        @Override
        public void unreachable(NodeRef node) {
            concluded.add("unreachable " + node.node());
        }

        @Override
        public void inDoubt(NodeRef node) {
            concluded.add("in doubt " + node.node());
        }

        @Override
        public void doing(Fact.Doing fact) {
            concluded.add(fact.state().name().toLowerCase(Locale.ROOT) + " "
                    + fact.node().node());
        }

        @Override
        public void said(String gateway, Fact.Said fact) {
            concluded.add("said " + fact.report() + " " + fact.node().node());
        }

        @Override
        public void wrote(Fact.Wrote fact) {
            concluded.add("wrote " + fact.node().node());
        }

        @Override
        public void undelivered(Fact.Undelivered fact) {
            concluded.add("undelivered " + fact.node().node());
        }
    }
}
