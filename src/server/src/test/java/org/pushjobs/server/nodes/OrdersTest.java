package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Standing;

/** cluster.md, "Facts and conclusions": what a gateway does at the term's orders, and which of them it obeys. */
class OrdersTest {
    private static final ServerMessage COMMIT = commit("true");
    private static final ServerMessage RUN = new ServerMessage.Run("job");
    private static final ServerMessage ABORT = new ServerMessage.Abort();

    private final TestGateway gateway = new TestGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    // ---- messages to agents

    @Test
    void commitGoesToTheNodesThatAreAvailableInTheirSessions() {
        gateway.term(1);
        TestAgent web = gateway.available("web");
        TestAgent db = gateway.available("db").extended();
        db.restart();
        db.idle();
        db.aborted();
        gateway.facts();
        gateway.sent();

        gateway.orders(send(COMMIT, web, db));

        assertThat(gateway.sent()).containsExactlyInAnyOrder(COMMIT, Commands.withoutExtensions(COMMIT));
        assertThat(gateway.facts()).isEmpty();
    }

    @Test
    void commitToANodeThatCannotTakeItIsUndelivered() {
        gateway.term(1);
        TestAgent inRehab = gateway.agent("rehab");
        inRehab.idle();
        TestAgent gone = gateway.available("gone");
        gone.goodbye();
        TestAgent elsewhere = gateway.available("elsewhere");
        long old = gateway.sessionOf(elsewhere);
        elsewhere.connect();
        elsewhere.idle();
        TestAgent lost = gateway.available("lost");
        lost.disconnect();
        gateway.pass(LostConnections.UNAVAILABLE_AFTER_MILLIS + 250);
        gateway.facts();
        gateway.sent();

        List<Order.Addressee> addressees = List.of(
                inRehab.in(gateway.sessionOf(inRehab)),
                gone.in(gateway.sessionOf(gone)),
                elsewhere.in(old),
                lost.in(gateway.sessionOf(lost)));
        gateway.orders(new Order.Send(addressees, COMMIT));

        assertThat(gateway.sent()).isEmpty();
        assertThat(gateway.facts())
                .containsExactlyElementsOf(addressees.stream()
                        .<Fact>map(to -> new Fact.Undelivered(to.node(), to.session(), "job", Optional.empty()))
                        .toList());
    }

    /** The term hears again what the node does, to see whether it asks it again. */
    @Test
    void whatIsNotDeliveredBeginsTheCountOfHeartbeatsAnew() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");
        gateway.passWith(5, web::idle);
        gateway.facts();

        gateway.orders(new Order.Send(List.of(web.in(gateway.sessionOf(web) + 100)), COMMIT));
        gateway.facts();
        gateway.passWith(2, web::idle);

        assertThat(gateway.facts(Fact.Doing.class))
                .extracting(Fact.Doing::heartbeats)
                .containsExactly(2);
    }

    @Test
    void commitThatTheAgentWouldDropForItsSizeIsRefused() {
        gateway.term(1);
        TestAgent web = gateway.available("web");
        TestAgent large = gateway.available("large");
        large.takesCommitsOf(100_000);
        large.idle();
        gateway.facts();
        ServerMessage commit = commit("x".repeat(TestGateway.MAX_BODY_BYTES));

        gateway.orders(send(commit, web, large));

        assertThat(gateway.sent()).containsExactly(Commands.withoutExtensions(commit));
        assertThat(gateway.facts(Fact.Undelivered.class)).singleElement().satisfies(fact -> {
            assertThat(fact.node()).isEqualTo(web.ref());
            assertThat(fact.jobId()).isEqualTo("job");
            assertThat(fact.refusal().orElseThrow().word()).isEqualTo("too_large");
        });
    }

    @Test
    void runGoesToANodeWhoseTimeIsWrongAndNotToOneInRehab() {
        gateway.term(1, TestGateway.job("job", "web"), TestGateway.job("other", "db"));
        TestAgent web = gateway.agent("web");
        web.committed("job");
        gateway.passWith(12, () -> web.runningAtAWrongTime("job"));
        assertThat(gateway.attached().standing()).isEqualTo(Standing.WRONG_TIME);
        TestAgent db = gateway.available("db");
        gateway.orders(rehabilitate(db));
        gateway.facts();
        gateway.sent();

        gateway.orders(send(RUN, web, db), send(COMMIT, web));

        assertThat(gateway.sent()).containsExactly(RUN);
        assertThat(gateway.facts(Fact.Undelivered.class))
                .extracting(Fact.Undelivered::node)
                .containsExactly(db.ref(), web.ref());
    }

    @Test
    void runInAnotherSessionIsUndelivered() {
        gateway.term(1);
        TestAgent web = gateway.available("web");
        long old = gateway.sessionOf(web);
        web.connect();
        web.idle();
        gateway.facts();
        gateway.sent();

        gateway.orders(new Order.Send(List.of(web.in(old)), RUN));

        assertThat(gateway.sent()).isEmpty();
        assertThat(gateway.facts()).containsExactly(new Fact.Undelivered(web.ref(), old, "job", Optional.empty()));
    }

    @Test
    void abortsAndAcknowledgementsGoToANodeInWhateverSession() {
        gateway.term(1);
        TestAgent web = gateway.agent("web");
        web.idle();
        gateway.facts();
        gateway.sent();

        List<ServerMessage> messages = List.of(
                ABORT,
                new ServerMessage.AckResult("job"),
                new ServerMessage.AckOutput("job", OutputChannel.STDOUT, 7, true));
        messages.forEach(message ->
                gateway.orders(new Order.Send(List.of(web.in(gateway.sessionOf(web) + 100)), message)));

        assertThat(gateway.sent()).isEqualTo(messages);
        assertThat(gateway.facts()).isEmpty();
    }

    @Test
    void abortForANodeThatIsNotHereIsLost() {
        gateway.term(1);

        gateway.orders(new Order.Send(List.of(gateway.agent("web").in(1)), ABORT));

        assertThat(gateway.sent()).isEmpty();
        assertThat(gateway.facts()).isEmpty();
    }

    // ---- rehab

    @Test
    void nodeIsAbortedUntilItSaysThatItIs() {
        gateway.term(1);
        TestAgent web = gateway.available("web");

        gateway.orders(rehabilitate(web));
        assertThat(gateway.attached().standing()).isEqualTo(Standing.REHAB);
        gateway.passWith(5, web::idle);
        assertThat(gateway.sent()).containsExactly(ABORT, ABORT, ABORT);

        web.aborted();
        assertThat(gateway.attached().standing()).isEqualTo(Standing.AVAILABLE);
        gateway.passWith(5, web::idle);
        assertThat(gateway.sent()).isEmpty();
    }

    /** A job that found it unavailable must not end what another job has it do. */
    @Test
    void nodeOfWrongTimeThatWorksForAnotherJobIsNotRehabilitated() {
        gateway.term(1, TestGateway.job("job", "web"), TestGateway.job("other", "web"));
        TestAgent web = gateway.agent("web");
        web.running("job");
        gateway.passWith(12, () -> web.runningAtAWrongTime("job"));
        gateway.sent();

        gateway.orders(rehabilitate(web));
        assertThat(gateway.sent()).isEmpty();

        gateway.orders(new Order.Unwatch("other"), rehabilitate(web));
        assertThat(gateway.sent()).containsExactly(ABORT);
    }

    // ---- which orders are obeyed

    @Test
    void newTermIsToldEverythingAndWhatWasNotAcknowledgedAsRepeated() {
        // given: three reports, of which one is acknowledged
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");
        TestAgent db = gateway.available("db");
        for (int i = 0; i < 3; i++) {
            web.say("job", AgentMessage.AckCommit::new);
        }
        gateway.facts();
        gateway.orders(new Order.AckReports(1));

        // when
        gateway.beat(2);

        // then
        List<Facts> told = gateway.told();
        assertThat(told).singleElement().satisfies(facts -> {
            assertThat(facts.epoch()).isEqualTo(2);
            assertThat(facts.first()).isEqualTo(1);
            assertThat(facts.whole()).isTrue();
        });
        List<Fact> facts = told.getFirst().facts();
        assertThat(facts.subList(0, 2))
                .allSatisfy(fact -> assertThat(fact).isInstanceOf(Fact.Attached.class))
                .extracting(Fact::node)
                .containsExactlyInAnyOrder(web.ref(), db.ref());
        assertThat(facts.subList(2, facts.size()))
                .satisfiesExactly(
                        fact -> assertThat(fact).isInstanceOfSatisfying(Fact.Said.class, said -> {
                            assertThat(said.report()).isEqualTo(2);
                            assertThat(said.repeated()).isTrue();
                        }),
                        fact -> assertThat(((Fact.Said) fact).report()).isEqualTo(3));
    }

    @Test
    void heldAndConnectedNodesAreToldWithEverything() {
        gateway.term(1, TestGateway.job("job", "web", "db"));
        TestAgent web = gateway.available("web");
        gateway.passWith(12, () -> {});
        TestAgent db = gateway.agent("db");
        gateway.passWith(1, () -> {});
        gateway.facts();

        gateway.beat(2);

        assertThat(gateway.facts(Fact.Attached.class))
                .extracting(Fact.Attached::node, Fact.Attached::standing)
                .containsExactlyInAnyOrder(tuple(web.ref(), Standing.HELD), tuple(db.ref(), Standing.CONNECTED));
    }

    @Test
    void ordersOfALowerEpochAreRefused() {
        gateway.term(5, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");

        gateway.ordersOf(4, 1, new Order.WatchAll(List.of()), send(ABORT, web), new Order.Unwatch("job"));
        gateway.beat(3);

        assertThat(gateway.sent()).isEmpty();
        assertThat(gateway.told()).isEmpty();
        web.say("job", AgentMessage.AckCommit::new);
        assertThat(gateway.facts()).hasSize(1);
    }

    @Test
    void ordersOfAHigherEpochAreOfANewTerm() {
        gateway.term(5);
        TestAgent web = gateway.available("web");

        gateway.ordersOf(6, 1, new Order.WatchAll(List.of()), send(ABORT, web));

        assertThat(gateway.sent()).containsExactly(ABORT);
        assertThat(gateway.told()).singleElement().satisfies(facts -> {
            assertThat(facts.epoch()).isEqualTo(6);
            assertThat(facts.whole()).isTrue();
        });
    }

    @Test
    void afterAGapEverythingIsToldAndOrdersAreIgnoredUntilTheyBeginAnew() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");
        gateway.pass(TermOrders.TELL_AGAIN_MILLIS);
        gateway.facts();

        gateway.loseOrders(new Order.Watch(TestGateway.job("other", "web")));
        gateway.orders(send(ABORT, web));

        assertThat(gateway.told())
                .singleElement()
                .satisfies(facts -> assertThat(facts.whole()).isTrue());
        gateway.orders(send(ABORT, web));
        assertThat(gateway.sent()).isEmpty();

        gateway.watchAll(TestGateway.job("job", "web"), TestGateway.job("other", "web"));
        gateway.orders(send(ABORT, web));
        assertThat(gateway.sent()).containsExactly(ABORT);
        assertThat(gateway.told()).isEmpty();
    }

    @Test
    void everythingIsToldAgainWhileNoBeginningComesButNotForEveryOrder() {
        gateway.term(1);
        gateway.available("web");
        gateway.loseOrders(new Order.Unwatch("job"));

        int whole = 0;
        for (int i = 0; i < 30; i++) {
            gateway.pass(100);
            gateway.orders();
            whole += (int) gateway.told().stream().filter(Facts::whole).count();
        }

        assertThat(whole).isEqualTo(3);
    }

    @Test
    void ordersThatComeTwiceAreObeyedOnce() {
        gateway.term(1);
        TestAgent web = gateway.available("web");

        gateway.orders(send(ABORT, web));
        gateway.ordersOf(1, 2, send(ABORT, web));

        assertThat(gateway.sent()).containsExactly(ABORT);
        assertThat(gateway.told()).isEmpty();
    }

    @Test
    void termWhoseListOfJobsGotLostIsToldEverythingAgain() {
        gateway.beat(1);
        gateway.told();
        gateway.loseOrders(new Order.WatchAll(List.of()));

        gateway.pass(1_000);
        gateway.told();
        gateway.orders();

        assertThat(gateway.told()).anyMatch(Facts::whole);
    }

    @Test
    void termThatMissesSomethingIsToldEverything() {
        gateway.term(1);
        gateway.available("web");

        gateway.orders(new Order.TellAll());

        assertThat(gateway.told()).singleElement().satisfies(facts -> {
            assertThat(facts.whole()).isTrue();
            assertThat(facts.facts()).hasSize(1);
        });
    }

    @Test
    void gatewayShowsThatItLives() {
        gateway.term(1);

        gateway.pass(3_000);

        assertThat(gateway.told()).hasSize(3).allSatisfy(facts -> {
            assertThat(facts.facts()).isEmpty();
            assertThat(facts.whole()).isFalse();
        });
    }

    /** As the keys are to be kept of nodes that do not ask for them. */
    @Test
    void nodeOfALiveJobAndOneThatNamesAJobAreAtWork() {
        gateway.term(1, TestGateway.job("job", "web"));
        Predicate<NodeRef> atWork = gateway.atWork();
        TestAgent db = gateway.available("db");

        assertThat(atWork.test(gateway.agent("web").ref())).isTrue();
        assertThat(atWork.test(db.ref())).isFalse();
        db.running("other");
        assertThat(atWork.test(db.ref())).isTrue();
    }

    // ---- unknown is not foreign

    @Test
    void nodeThatNamesAJobBeforeTheLiveJobsAreKnownIsNotAborted() {
        TestAgent web = gateway.agent("web");
        web.running("job");
        assertThat(gateway.sent()).containsExactly(new ServerMessage.Ack());

        gateway.beat(1);
        gateway.passWith(4, () -> web.running("job"));
        AgentMessage ack = web.say("job", AgentMessage.AckRun::new);
        assertThat(gateway.sent()).isEmpty();
        assertThat(gateway.facts(Fact.Said.class))
                .extracting(Fact.Said::message)
                .containsExactly(ack);
    }

    @Test
    void nodeWhoseJobTurnsOutToBeLiveGoesOn() {
        TestAgent web = gateway.agent("web");
        web.running("job");
        gateway.beat(1);
        gateway.settle();
        gateway.sent();

        gateway.watchAll(TestGateway.job("job", "web"));
        gateway.facts();
        gateway.passWith(2, () -> web.running("job"));

        assertThat(gateway.sent()).isEmpty();
        assertThat(gateway.facts(Fact.Doing.class))
                .extracting(Fact.Doing::heartbeats)
                .containsExactly(1, 2);
    }

    @Test
    void nodeWhoseJobTurnsOutToHaveEndedIsAbortedAtItsNextHeartbeat() {
        TestAgent web = gateway.agent("web");
        web.running("job");
        gateway.beat(1);
        gateway.settle();
        gateway.sent();

        gateway.watchAll(TestGateway.job("other", "web"));
        assertThat(gateway.sent()).isEmpty();
        web.running("job");

        assertThat(gateway.sent()).containsExactly(ABORT);
        assertThat(gateway.attached().standing()).isEqualTo(Standing.REHAB);
    }

    @Test
    void whatIsSaidOfAJobBeforeTheLiveJobsAreKnownIsKeptForTheTerm() {
        TestAgent web = gateway.agent("web");
        AgentMessage result = web.say(
                "job",
                envelope -> new AgentMessage.Succeeded(envelope, Optional.empty(), Optional.of(Ending.ofExitCode(0))));

        gateway.beat(1);

        assertThat(gateway.facts(Fact.Said.class)).singleElement().satisfies(said -> {
            assertThat(said.message()).isEqualTo(result);
            assertThat(said.repeated()).isFalse();
        });
        assertThat(gateway.sent()).containsExactly(new ServerMessage.Ack());
    }

    /** One that was watched by the last term goes on, and another may be new to this gateway. */
    @Test
    void withANewTermEveryJobMayBeLiveUntilItHasSaidWhichAre() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");
        TestAgent db = gateway.available("db");

        gateway.beat(2);
        web.running("job");
        db.running("other");
        assertThat(gateway.sent()).isEmpty();

        gateway.watchAll(TestGateway.job("other", "db"));
        web.running("job");
        db.running("other");
        assertThat(gateway.sent()).containsExactly(ABORT);
    }

    /** It may have been asked over another gateway, and the order to watch the job is on its way to this one. */
    @Test
    void nodeThatHasJustComeMayTakePartInAJobThatIsNotKnownYet() {
        gateway.term(1);
        TestAgent web = gateway.agent("web");
        web.committed("job");
        web.committed("job");
        assertThat(gateway.sent()).containsExactly(new ServerMessage.Ack());

        gateway.orders(new Order.Watch(TestGateway.job("job", "web")));
        gateway.passWith(2, () -> web.committed("job"));

        assertThat(gateway.sent()).isEmpty();
        assertThat(gateway.facts(Fact.Doing.class))
                .extracting(Fact.Doing::heartbeats)
                .containsExactly(1, 2);
    }

    @Test
    void jobOfANodeIsForeignWhenTheTermHasHeardOfItsSession() {
        gateway.term(1);
        TestAgent web = gateway.agent("web");
        web.running("job");
        gateway.orders();
        web.running("job");
        assertThat(gateway.sent()).containsExactly(new ServerMessage.Ack());

        gateway.settle();
        gateway.orders();
        web.running("job");

        assertThat(gateway.sent()).containsExactly(ABORT);
    }

    /** In its new session it may have been elsewhere before. */
    @Test
    void jobThatANodeNamesOverItsNewConnectionMayBeLive() {
        gateway.term(1);
        TestAgent web = gateway.available("web");

        web.connect();
        web.running("job");
        assertThat(gateway.sent()).containsExactly(new ServerMessage.Ack());

        gateway.settle();
        gateway.orders();
        web.running("job");
        assertThat(gateway.sent()).containsExactly(ABORT);
    }

    @Test
    void whatComesAfterAGapSaysNothingAboutNewSessions() {
        gateway.term(1);
        TestAgent web = gateway.agent("web");
        web.running("job");
        gateway.settle();
        gateway.sent();

        gateway.loseOrders(new Order.Watch(TestGateway.job("job", "web")));
        gateway.orders();
        web.running("job");

        assertThat(gateway.sent()).isEmpty();
    }

    /** It is waited for, so that what it does goes on. */
    @Test
    void nodeOfALiveJobThatComesIsNotAborted() {
        gateway.term(1, TestGateway.job("job", "web"));

        gateway.agent("web").idle();

        assertThat(gateway.sent()).containsExactly(new ServerMessage.Ack());
        assertThat(gateway.attached().standing()).isEqualTo(Standing.AVAILABLE);
    }

    @Test
    void nodeOfALiveJobThatComesWithAWrongTimeIsThere() {
        gateway.term(1, TestGateway.job("job", "web"));

        gateway.agent("web").runningAtAWrongTime("job");

        assertThat(gateway.attached().standing()).isEqualTo(Standing.WRONG_TIME);
        gateway.agent("db").runningAtAWrongTime("job");
        assertThat(gateway.facts()).isEmpty();
    }

    private Order send(ServerMessage message, TestAgent... agents) {
        return new Order.Send(
                List.of(agents).stream()
                        .map(agent -> agent.in(gateway.sessionOf(agent)))
                        .toList(),
                message);
    }

    private Order rehabilitate(TestAgent agent) {
        return new Order.Rehabilitate(agent.in(gateway.sessionOf(agent)));
    }

    private static ServerMessage commit(String command) {
        return new ServerMessage.Commit(
                "job",
                "jobs.test",
                new JobSpec(command, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false),
                OptionalInt.of(60));
    }
}
