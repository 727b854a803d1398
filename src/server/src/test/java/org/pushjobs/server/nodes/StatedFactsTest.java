package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.Capabilities;
import org.pushjobs.server.facts.Departure;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Standing;
import org.pushjobs.server.testing.LogCapture;

/** cluster.md, "Facts and conclusions": what a gateway states. */
class StatedFactsTest {
    private final TestGateway gateway = new TestGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    // ---- attached

    @Test
    void howANodeStandsIsStatedOnceWhenItComesAndWhenItIsAvailable() {
        gateway.term(1);

        TestAgent web = gateway.agent("web");
        web.idle();

        List<Fact> facts = gateway.facts();
        assertThat(facts).hasSize(1);
        assertThat(facts.getFirst())
                .isInstanceOfSatisfying(
                        Fact.Attached.class,
                        fact -> assertThat(fact)
                                .extracting(Fact.Attached::node, Fact.Attached::incarnation, Fact.Attached::standing)
                                .containsExactly(web.ref(), "1", Standing.REHAB));

        web.aborted();
        Fact.Attached now = gateway.attached();
        assertThat(now.standing()).isEqualTo(Standing.AVAILABLE);
        assertThat(now.session()).isEqualTo(facts.getFirst().session());
        assertThat(now.capabilities()).isEqualTo(Capabilities.PLAIN);
    }

    @Test
    void whatAnAgentTakesIsStatedWithItAndWhenItChanges() {
        gateway.term(1);
        TestAgent web = gateway.agent("web").extended();
        web.takesCommitsOf(100_000);

        web.idle();
        assertThat(gateway.attached().capabilities()).isEqualTo(new Capabilities(true, 100_000));

        web.idle();
        assertThat(gateway.facts()).isEmpty();

        web.takesCommitsOf(200_000);
        web.idle();
        assertThat(gateway.attached().capabilities()).isEqualTo(new Capabilities(true, 200_000));
    }

    @Test
    void newConnectionIsANewSession() {
        gateway.term(1);
        TestAgent web = gateway.available("web");
        long before = session(web);

        web.connect();
        web.idle();

        Fact.Attached after = gateway.attached();
        assertThat(after.session()).isGreaterThan(before);
        assertThat(after.standing()).isEqualTo(Standing.AVAILABLE);
        assertThat(after.incarnation()).isEqualTo("1");
    }

    @Test
    void connectionThatIsTakenBecauseTheOtherOneEndedIsANewSessionBeforeTheAgentSpeaks() {
        gateway.term(1);
        TestAgent web = gateway.available("web");
        long before = session(web);

        web.disconnect();
        web.connect();

        assertThat(gateway.attached().session()).isGreaterThan(before);
        web.idle();
        assertThat(gateway.facts()).isEmpty();
    }

    @Test
    void restartedAgentIsDetachedAndComesInANewSession() {
        gateway.term(1);
        TestAgent web = gateway.available("web");
        long before = session(web);

        web.restart();
        web.idle();

        List<Fact> facts = gateway.facts();
        assertThat(facts.getFirst())
                .isEqualTo(new Fact.Detached(
                        web.ref(), before, "its agent was restarted", Optional.of(Departure.RESTARTED)));
        assertThat(facts.getLast()).isInstanceOfSatisfying(Fact.Attached.class, fact -> {
            assertThat(fact.incarnation()).isEqualTo("2");
            assertThat(fact.session()).isGreaterThan(before);
        });
    }

    @Test
    void detachedIsOfTheSessionThatWasStatedLast() {
        gateway.term(1);
        TestAgent web = gateway.available("web");

        web.connect();
        web.idle();
        web.goodbye();

        List<Fact> facts = gateway.facts();
        assertThat(facts).hasSize(2);
        assertThat(facts.getFirst()).isInstanceOf(Fact.Attached.class);
        assertThat(facts.getLast())
                .isEqualTo(new Fact.Detached(
                        web.ref(),
                        facts.getFirst().session(),
                        "its agent was stopped",
                        Optional.of(Departure.STOPPED)));
    }

    @Test
    void goodbyeOfAnotherAgentOfTheNameIsNotTheNodes() {
        gateway.term(1);
        TestAgent web = gateway.available("web");

        web.restart();
        web.goodbye();

        assertThat(gateway.facts()).isEmpty();
    }

    @Test
    void connectionThatIsNotReplacedMakesANodeDisconnectedAndThenUnreachable() {
        gateway.term(1);
        TestAgent web = gateway.available("web");
        long session = session(web);

        web.disconnect();
        gateway.pass(LostConnections.UNAVAILABLE_AFTER_MILLIS + 250);
        assertThat(gateway.attached())
                .extracting(Fact.Attached::standing, Fact.Attached::session)
                .containsExactly(Standing.DISCONNECTED, session);

        gateway.pass(LostConnections.UNREACHABLE_AFTER_MILLIS - LostConnections.UNAVAILABLE_AFTER_MILLIS);
        assertThat(gateway.attached())
                .extracting(Fact.Attached::standing, Fact.Attached::session)
                .containsExactly(Standing.UNREACHABLE, session);
    }

    /** What it says is stated with how it stands, and that must not be how it stood before. */
    @Test
    void nodeThatSpeaksOverANewConnectionIsStatedAsAvailableAtOnce() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.agent("web");
        web.committed("job");
        web.disconnect();
        gateway.pass(LostConnections.UNAVAILABLE_AFTER_MILLIS + 250);
        assertThat(gateway.attached().standing()).isEqualTo(Standing.DISCONNECTED);

        web.connectUnheard();
        web.say("job", AgentMessage.AckRun::new);

        assertThat(gateway.facts(Fact.Attached.class))
                .isNotEmpty()
                .extracting(Fact.Attached::standing)
                .containsOnly(Standing.AVAILABLE);
    }

    @Test
    void nodeThatHasJustConnectedIsNotJudgedByItsSilenceBefore() {
        gateway.term(1);
        TestAgent web = gateway.available("web");
        web.disconnect();
        gateway.pass(6 * TestGateway.INTERVAL_MILLIS - 100);

        // just before it is looked who is silent
        web.connect();
        gateway.pass(200);

        assertThat(gateway.facts(Fact.Detached.class)).isEmpty();
    }

    @Test
    void nodeInRehabThatIsUnreachableIsStatedAsUnreachable() {
        gateway.term(1);
        TestAgent web = gateway.agent("web");
        web.idle();

        web.disconnect();
        gateway.pass(LostConnections.UNREACHABLE_AFTER_MILLIS + 250);
        assertThat(gateway.attached().standing()).isEqualTo(Standing.UNREACHABLE);

        web.connect();
        assertThat(gateway.attached().standing()).isEqualTo(Standing.REHAB);
    }

    @Test
    void nodeWhoseTimeIsWrongIsStatedAsSuchAndInANewSessionWhenItIsRightAgain() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.agent("web");
        web.running("job");
        long session = session(web);
        gateway.facts();

        gateway.passWith(12, () -> web.runningAtAWrongTime("job"));
        assertThat(gateway.facts(Fact.Attached.class))
                .singleElement()
                .extracting(Fact.Attached::standing, Fact.Attached::session)
                .containsExactly(Standing.WRONG_TIME, session);

        web.running("job");
        Fact.Attached right = gateway.attached();
        assertThat(right.standing()).isEqualTo(Standing.AVAILABLE);
        assertThat(right.session()).isGreaterThan(session);
    }

    @Test
    void messageThatWasNotUnderstoodMakesANewSession() {
        gateway.term(1);
        TestAgent web = gateway.available("web");
        long session = session(web);

        web.runningAtAWrongTime("job");
        assertThat(gateway.facts()).isEmpty();
        web.idle();

        assertThat(gateway.attached().session()).isGreaterThan(session);
    }

    @Test
    void silentMillisAreSinceTheNodeLastSentSomethingOrConnected() {
        gateway.term(1);
        TestAgent web = gateway.available("web");

        web.disconnect();
        gateway.pass(LostConnections.UNAVAILABLE_AFTER_MILLIS);
        assertThat(gateway.attached().silentMillis()).isEqualTo(LostConnections.UNAVAILABLE_AFTER_MILLIS);

        web.connect();
        assertThat(gateway.attached().silentMillis()).isZero();
    }

    @Test
    void silentNodeIsDetached() {
        gateway.term(1);
        TestAgent web = gateway.available("web");
        long session = session(web);
        web.disconnect();

        try (LogCapture log = new LogCapture(LeavingNodes.class).from(Level.INFO)) {
            gateway.passWith(12, () -> {});

            assertThat(log.messages(Level.INFO))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("node went down [org: acme, node: web, reason: last heartbeat "));
        }

        assertThat(gateway.facts(Fact.Detached.class)).singleElement().satisfies(fact -> {
            assertThat(fact.session()).isEqualTo(session);
            assertThat(fact.reason()).startsWith("last heartbeat ");
            assertThat(fact.how()).contains(Departure.SILENT);
        });
        assertThat(gateway.metrics()).contains("pushjobs_nodes{availability=\"available\"} 0");
    }

    @Test
    void twoAgentsOfOneNameHaveNoSession() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");
        TestAgent other = gateway.agent("web");
        other.restart();

        for (int i = 0; i < 4; i++) {
            web.idle();
            other.idle();
        }
        gateway.facts();
        gateway.passWith(2, () -> {
            web.idle();
            other.idle();
        });

        // not even as a connection that nobody speaks over
        assertThat(gateway.facts()).isEmpty();
        assertThat(gateway.sessions().facts(web.ref()).rivals()).isPresent();
    }

    // ---- held and connected

    @Test
    void silentNodeOfAJobIsHeldWhileItsConnectionIsOpen() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");
        long session = session(web);

        gateway.passWith(12, () -> {});

        List<Fact> facts = gateway.facts();
        assertThat(facts).singleElement().isInstanceOfSatisfying(Fact.Attached.class, fact -> {
            assertThat(fact.standing()).isEqualTo(Standing.HELD);
            assertThat(fact.session()).isEqualTo(session);
            assertThat(fact.incarnation()).isEqualTo("1");
            assertThat(fact.silentMillis()).isGreaterThan(3L * TestGateway.INTERVAL_MILLIS);
        });

        web.disconnect();
        gateway.passWith(1, () -> {});
        assertThat(gateway.facts())
                .containsExactly(
                        new Fact.Detached(web.ref(), session, "its connection ended", Optional.of(Departure.SILENT)));
    }

    @Test
    void heldNodeThatSpeaksIsAttachedInANewSessionAndNotAborted() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");
        long session = session(web);
        gateway.passWith(12, () -> {});
        gateway.facts();

        web.running("job");

        assertThat(gateway.sent()).containsExactly(new ServerMessage.Ack());
        assertThat(gateway.attached()).satisfies(fact -> {
            assertThat(fact.standing()).isEqualTo(Standing.AVAILABLE);
            assertThat(fact.session()).isGreaterThan(session);
        });
    }

    @Test
    void heldNodeThatIsStoppedIsDetached() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");
        gateway.passWith(12, () -> {});
        gateway.facts();

        web.goodbye();

        assertThat(gateway.facts(Fact.Detached.class)).hasSize(1);
        // whoever it is that the connection is open for now, the term hears of it
        gateway.passWith(1, () -> {});
        assertThat(gateway.attached().standing()).isEqualTo(Standing.CONNECTED);
    }

    @Test
    void nodeIsHeldForNoJobThatHasEnded() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");
        long session = session(web);
        gateway.passWith(12, () -> {});
        gateway.facts();

        gateway.orders(new Order.Unwatch("job"));
        gateway.passWith(1, () -> {});

        assertThat(gateway.facts())
                .containsExactly(new Fact.Detached(
                        web.ref(), session, "it is not waited for any more", Optional.of(Departure.SILENT)));
    }

    @Test
    void nodeOfAJobThatHasAConnectionAndDoesNotSpeakIsConnected() {
        gateway.term(1);
        TestAgent web = gateway.agent("web");
        gateway.agent("db");
        gateway.passWith(2, () -> {});
        assertThat(gateway.facts()).isEmpty();

        gateway.orders(new Order.Watch(TestGateway.job("job", "web", "app")));
        gateway.pass(250);

        Fact.Attached connected = gateway.facts(Fact.Attached.class).getFirst();
        assertThat(connected.node()).isEqualTo(web.ref());
        assertThat(connected.standing()).isEqualTo(Standing.CONNECTED);
        assertThat(connected.incarnation()).isEmpty();

        gateway.passWith(3, () -> {});
        assertThat(gateway.facts()).isEmpty();

        web.running("job");
        assertThat(gateway.attached()).satisfies(fact -> {
            assertThat(fact.standing()).isEqualTo(Standing.AVAILABLE);
            assertThat(fact.session()).isGreaterThan(connected.session());
        });
    }

    @Test
    void nodeOfAJobThatConnectsLaterIsConnectedAfterAnInterval() {
        gateway.term(1, TestGateway.job("job", "web"));
        gateway.passWith(2, () -> {});
        TestAgent web = gateway.agent("web");

        gateway.passWith(1, () -> {});
        Fact.Attached connected = gateway.attached();
        assertThat(connected.standing()).isEqualTo(Standing.CONNECTED);

        web.disconnect();
        gateway.passWith(1, () -> {});
        assertThat(gateway.facts())
                .containsExactly(new Fact.Detached(
                        web.ref(), connected.session(), "its connection ended", Optional.of(Departure.SILENT)));
    }

    // ---- doing

    @Test
    void whatANodeOfAJobDoesIsStatedAtPowersOfTwo() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.agent("web");
        web.running("job");
        gateway.passWith(16, () -> web.running("job"));

        List<Fact.Doing> facts = gateway.facts(Fact.Doing.class);
        assertThat(facts).extracting(Fact.Doing::heartbeats).containsExactly(1, 2, 4, 8, 16);
        assertThat(facts).allSatisfy(fact -> {
            assertThat(fact.state()).isEqualTo(JobState.RUNNING);
            assertThat(fact.jobId()).contains("job");
            assertThat(fact.session()).isEqualTo(session(web));
        });
    }

    @Test
    void idleIsStatedFromTheSecondHeartbeatWithoutAJob() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");

        web.idle();
        assertThat(gateway.facts(Fact.Doing.class)).isEmpty();
        web.idle();

        assertThat(gateway.facts(Fact.Doing.class)).singleElement().satisfies(fact -> {
            assertThat(fact.state()).isEqualTo(JobState.IDLE);
            assertThat(fact.jobId()).isEmpty();
            assertThat(fact.heartbeats()).isEqualTo(2);
        });
    }

    @Test
    void heartbeatsOfNodesThatTakePartInNothingAreNotStated() {
        gateway.term(1, TestGateway.job("job", "db"));
        TestAgent web = gateway.available("web");

        gateway.passWith(20, web::idle);

        assertThat(gateway.facts()).isEmpty();
    }

    @Test
    void heartbeatsAreCountedAnewWithASession() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = runningFor(3);

        web.connect();
        web.running("job");

        List<Fact> facts = gateway.facts();
        assertThat(facts).hasSize(2);
        assertThat(facts.getFirst()).isInstanceOf(Fact.Attached.class);
        assertThat(facts.getLast())
                .isEqualTo(
                        new Fact.Doing(web.ref(), facts.getFirst().session(), JobState.RUNNING, Optional.of("job"), 1));
    }

    @Test
    void heartbeatsAreCountedAnewWhenEverythingIsTold() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = runningFor(3);

        gateway.orders(new Order.TellAll());
        gateway.facts();
        web.running("job");
        assertThat(doings()).containsExactly(1);

        gateway.term(2, TestGateway.job("job", "web"));
        web.running("job");
        assertThat(doings()).containsExactly(1);
    }

    /** A job that is new to a node wants to hear what it does, however long it has said so before. */
    @Test
    void heartbeatsAreCountedAnewWithAJob() {
        gateway.term(1);
        TestAgent web = gateway.available("web");
        gateway.passWith(5, web::idle);

        gateway.orders(new Order.Watch(TestGateway.job("job", "web")));
        gateway.passWith(2, web::idle);

        assertThat(doings()).containsExactly(2);
    }

    @Test
    void heartbeatsAreCountedAnewAfterEveryOtherMessage() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = runningFor(3);

        web.say("job", AgentMessage.AckRun::new);
        web.running("job");

        assertThat(doings()).containsExactly(1);
    }

    // ---- said and wrote

    @Test
    void messagesAboutLiveJobsAreStatedWithNumbersThatRise() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");

        AgentMessage ack = web.say("job", AgentMessage.AckCommit::new);
        AgentMessage result = web.say("job", envelope -> new AgentMessage.Succeeded(envelope, Optional.empty()));

        long session = session(web);
        assertThat(gateway.facts())
                .containsExactly(
                        new Fact.Said(web.ref(), session, 1, false, ack),
                        new Fact.Said(web.ref(), session, 2, false, result));
        assertThat(gateway.metrics()).contains("pushjobs_queue_depth{queue=\"reports\"} 2");

        gateway.orders(new Order.AckReports(2));
        assertThat(gateway.metrics()).contains("pushjobs_queue_depth{queue=\"reports\"} 0");
    }

    @Test
    void howANodeStandsIsStatedBeforeWhatItSays() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.agent("web");

        web.say("job", AgentMessage.AckCommit::new);

        assertThat(gateway.facts())
                .extracting(fact -> (Object) fact.getClass())
                .containsExactly(Fact.Attached.class, Fact.Said.class);
    }

    @Test
    void outputIsStatedAndNotKept() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");

        AgentMessage chunk = web.say(
                "job", envelope -> new AgentMessage.OutputChunk(envelope, OutputChannel.STDOUT, 0, new byte[] {1}));

        assertThat(gateway.facts())
                .containsExactly(new Fact.Wrote(web.ref(), session(web), (AgentMessage.OutputChunk) chunk));
        gateway.beat(2);
        assertThat(gateway.facts()).noneMatch(Fact.Wrote.class::isInstance);
    }

    @Test
    void whatIsSaidOfAJobThatIsNotLiveIsNotStated() {
        gateway.term(1, TestGateway.job("job", "web"));
        TestAgent web = gateway.available("web");

        web.say(
                "ended",
                envelope -> new AgentMessage.Succeeded(envelope, Optional.empty(), Optional.of(Ending.ofExitCode(0))));

        assertThat(gateway.sent()).containsExactly(new ServerMessage.AckResult("ended"));
        assertThat(gateway.facts()).isEmpty();
    }

    private TestAgent runningFor(int heartbeats) {
        TestAgent web = gateway.agent("web");
        for (int i = 0; i < heartbeats; i++) {
            web.running("job");
        }
        gateway.facts();
        return web;
    }

    private List<Integer> doings() {
        return gateway.facts(Fact.Doing.class).stream()
                .map(Fact.Doing::heartbeats)
                .toList();
    }

    /** The node's, as all facts have it. */
    private long session(TestAgent agent) {
        return gateway.sessionOf(agent);
    }
}
