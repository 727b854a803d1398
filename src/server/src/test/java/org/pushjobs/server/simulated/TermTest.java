package org.pushjobs.server.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.Capabilities;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Orders;
import org.pushjobs.server.facts.Standing;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.jobs.JobRequest;
import org.pushjobs.server.jobs.Term;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.testing.LogCapture;

/** What a term concludes where several gateways, or several jobs of a node, have to do with it. */
class TermTest {
    private static final NodeRef WEB = new NodeRef(World.ORG, "web");
    private static final long EPOCH = 1;
    private static final Fact.Doing DOES_NOTHING = new Fact.Doing(WEB, 2, JobState.IDLE, Optional.empty(), 2);
    private static final String UNKNOWN_JOB = "0".repeat(32);
    /** Gateways have had the time to tell what they have. */
    private static final long NEW_MILLIS = 6_000;

    private final Set<NodeRef> told = new HashSet<>();

    private final Timeline timeline = new Timeline();
    private final History history = new History(timeline);
    private final ModelDatabase database = new ModelDatabase(timeline, new SplittableRandom(1), history, Set.of());
    private final VirtualProcess process = new VirtualProcess("server", "server", timeline, new SplittableRandom(1));
    private final List<Order> ordered = new ArrayList<>();
    private Term term;
    private long next = 1;
    private long report = 1;

    @BeforeEach
    void begin() {
        database.lease().claim("server", 0, 0, 1_000_000);
        database.raise("server", EPOCH);
        term = newTerm();
        term.establish();
        timeline.pass(100);
    }

    private Term newTerm() {
        VirtualStore store = new VirtualStore(database, process);
        return new Term(Coordinator.setup(
                EPOCH,
                () -> true,
                process,
                new HostClock(timeline, 0).steady(),
                new Ordered(),
                Optional::empty,
                new Coordinator.Told(told::contains),
                store,
                new Unheard()));
    }

    // ---- a term that is new

    @Test
    void nodesOfWhichNoGatewayHasToldAreWaitedForInANewTerm() {
        String job = start();
        timeline.pass(1_000);
        assertThat(status(job)).isEqualTo(NodeStatus.NEW);

        assertComesAndIsAsked(job);
    }

    private void assertComesAndIsAsked(String job) {
        tellAll(attached(1, Standing.AVAILABLE));
        tell(new Fact.Doing(WEB, 1, JobState.IDLE, Optional.empty(), 2));

        assertThat(ordered)
                .anyMatch(order -> order instanceof Order.Send(var _, ServerMessage.Commit commit)
                        && commit.jobId().equals(job));
    }

    @Test
    void nodesOfWhichNoGatewayTellsAreDownAfterAWhile() {
        String job = start();

        timeline.pass(NEW_MILLIS);

        assertThat(status(job)).isEqualTo(NodeStatus.UNAVAILABLE);
    }

    @Test
    void nodesThatWereToldWhereToComeAreWaitedForLonger() {
        told.add(WEB);
        tellAll();
        String job = start();
        timeline.pass(NEW_MILLIS);
        assertThat(status(job)).isEqualTo(NodeStatus.NEW);

        assertComesAndIsAsked(job);
    }

    @Test
    void nodesThatNoGatewayHasAreDownAtOnceInATermThatIsNotNew() {
        timeline.pass(NEW_MILLIS);

        String job = start();

        assertThat(status(job)).isEqualTo(NodeStatus.UNAVAILABLE);
    }

    @Test
    void resultThatAnotherGatewayHasIsWaitedForInANewTerm() {
        String job = running();
        restart();

        tellAll(attached(2, Standing.AVAILABLE));
        tell(DOES_NOTHING);
        assertThat(status(job)).isEqualTo(NodeStatus.RUNNING);

        term.arrived(new Facts(
                "other",
                EPOCH,
                1,
                true,
                timeline.millis(),
                List.of(
                        attached(1, Standing.DISCONNECTED),
                        new Fact.Said(WEB, 1, report++, true, kept().apply(envelope(job))))));
        timeline.pass(50);
        assertThat(status(job)).isEqualTo(NodeStatus.SUCCEEDED);
    }

    @Test
    void resultThatNoGatewayHasIsLostAfterAWhile() {
        String job = running();
        restart();

        tellAll(attached(2, Standing.AVAILABLE));
        tell(DOES_NOTHING);
        timeline.pass(NEW_MILLIS);

        assertThat(status(job)).isEqualTo(NodeStatus.CRASHED);
    }

    @Test
    void nodeThatSaysMeanwhileThatItRunsHasLostNothing() {
        String job = running();
        restart();

        tellAll(attached(2, Standing.AVAILABLE));
        tell(DOES_NOTHING);
        tell(attached(3, Standing.AVAILABLE), new Fact.Doing(WEB, 3, JobState.RUNNING, Optional.of(job), 1));
        timeline.pass(2_000);
        tell();
        timeline.pass(NEW_MILLIS - 2_000);

        assertThat(status(job)).isEqualTo(NodeStatus.RUNNING);
    }

    /** Meanwhile nobody runs the jobs. */
    @Test
    void termThatDoesNotLearnWhichJobsAreLiveFailsSoon() {
        database.become("server", ModelDatabase.Mode.HANGING);

        Future<Void> established = newTerm().establish();

        timeline.pass(10_100);
        assertThat(established.failed()).isTrue();
    }

    // ---- a node with two jobs

    @Test
    void jobThatFindsANodeUnavailableLeavesAloneWhatItDoesForAnother() {
        String running = running();
        tell(attached(1, Standing.DISCONNECTED));

        String other = start();

        assertThat(status(other)).isEqualTo(NodeStatus.UNAVAILABLE);
        assertThat(status(running)).isEqualTo(NodeStatus.RUNNING);
        assertThat(ordered).noneMatch(Order.Rehabilitate.class::isInstance);
    }

    @Test
    void nodeThatWorksForAnotherJobHasLostTheOne() {
        String lost = running();
        String other = start();

        tell(said(other, AgentMessage.AckCommit::new));
        tell(new Fact.Doing(WEB, 1, JobState.COMMITTED, Optional.of(other), 1));
        assertThat(status(lost)).isEqualTo(NodeStatus.RUNNING);
        tell(new Fact.Doing(WEB, 1, JobState.COMMITTED, Optional.of(other), 2));

        assertThat(status(lost)).isEqualTo(NodeStatus.CRASHED);
        assertThat(ordered).noneMatch(Order.Rehabilitate.class::isInstance);
    }

    // ---- jobs that are not live

    @Test
    void nodeThatVotesForAJobThatIsNotLiveIsToldToDropIt() {
        isThere();

        tell(said(UNKNOWN_JOB, AgentMessage.AckCommit::new));

        assertThat(ordered).contains(new Order.Rehabilitate(new Order.Addressee(WEB, 1)));
    }

    @Test
    void resultThatItsAgentKeepsIsAcknowledgedAlthoughItsJobIsNotLive() {
        isThere();

        tell(said(UNKNOWN_JOB, kept()));

        assertThat(ordered)
                .contains(
                        new Order.Send(List.of(new Order.Addressee(WEB, 1)), new ServerMessage.AckResult(UNKNOWN_JOB)))
                .noneMatch(Order.Rehabilitate.class::isInstance);
    }

    @Test
    void outputOfAJobThatIsNotLiveIsNotWanted() {
        isThere();

        tell(new Fact.Wrote(
                WEB, 1, new AgentMessage.OutputChunk(envelope(UNKNOWN_JOB), OutputChannel.STDOUT, 7, new byte[] {1})));

        assertThat(ordered)
                .contains(new Order.Send(
                        List.of(new Order.Addressee(WEB, 1)),
                        new ServerMessage.AckOutput(UNKNOWN_JOB, OutputChannel.STDOUT, 7, false)));
    }

    @Test
    void whatANodeSaysOfAJobThatIsNotLiveDoesNotEndWhatItDoesForAnother() {
        running();

        tell(said(UNKNOWN_JOB, AgentMessage.AckCommit::new));

        assertThat(ordered).noneMatch(Order.Rehabilitate.class::isInstance);
    }

    @Test
    void neitherDoesWhatIsOldOrARefusal() {
        isThere();

        tell(
                new Fact.Said(WEB, 1, report++, true, new AgentMessage.AckCommit(envelope(UNKNOWN_JOB))),
                said(UNKNOWN_JOB, AgentMessage.NackRun::new));

        assertThat(ordered).noneMatch(Order.Rehabilitate.class::isInstance);
    }

    // ---- what is logged

    @Test
    void theLogSaysWhoStartedWhatWithTheNamesOfOptionsAndWithoutTheirValues() {
        JobSpec spec = new JobSpec(
                "backup " + "x".repeat(300),
                Optional.of("app"),
                Optional.empty(),
                Optional.of(Map.of("TOKEN", "secret")),
                Optional.of("raw:secret"),
                true);
        try (LogCapture log = new LogCapture("org.pushjobs.server.jobs.JobStarter").from(Level.INFO)) {
            Future<String> started = term.start(new JobRequest(
                    World.ORG,
                    "alice",
                    new JobTerms(spec, List.of("web", "db"), 1, 60),
                    Optional.empty(),
                    Optional.of("acme")));
            timeline.pass(50);

            assertThat(log.messages(Level.INFO))
                    .containsExactly(
                            "job started [job: " + started.result() + ", org: acme, by: alice, nodes: 2, quorum: 1,"
                                    + " run timeout: 60 s, options: user env(TOKEN) file capture_output, command: backup "
                                    + "x".repeat(193) + "…]");
        }
    }

    // ---- given

    private void isThere() {
        timeline.pass(NEW_MILLIS);
        tellAll(attached(1, Standing.AVAILABLE));
    }

    private static Function<AgentEnvelope, AgentMessage> kept() {
        return envelope -> new AgentMessage.Succeeded(envelope, Optional.empty(), Optional.of(Ending.ofExitCode(0)));
    }

    private static AgentEnvelope envelope(String job) {
        return new AgentEnvelope("web", "host", "acme", 1, Instant.EPOCH, "one", Optional.of(job));
    }

    private String start() {
        Future<String> started = term.start(new JobRequest(
                World.ORG,
                "alice",
                new JobTerms(JobSpec.of("ls"), List.of("web", "db"), 1, World.RUN_TIMEOUT_SECONDS)));
        timeline.pass(50);
        return started.result();
    }

    /** Another term, to which gateways have told nothing. */
    private void restart() {
        term.revoke();
        term = newTerm();
        term.establish();
        timeline.pass(100);
        next = 1;
    }

    /** A job that runs on the node, which is available. */
    private String running() {
        isThere();
        String job = start();
        tell(said(job, AgentMessage.AckCommit::new));
        tell(said(job, AgentMessage.AckRun::new));
        assertThat(status(job)).isEqualTo(NodeStatus.RUNNING);
        return job;
    }

    private static Fact.Attached attached(long session, Standing standing) {
        return new Fact.Attached(WEB, session, "one", standing, Capabilities.PLAIN, Instant.EPOCH, 0);
    }

    private Fact.Said said(String job, Function<AgentEnvelope, AgentMessage> message) {
        return new Fact.Said(WEB, 1, report++, false, message.apply(envelope(job)));
    }

    private void tellAll(Fact... facts) {
        arrive(true, facts);
    }

    private void tell(Fact... facts) {
        arrive(false, facts);
    }

    private void arrive(boolean whole, Fact... facts) {
        term.arrived(new Facts("gateway", EPOCH, next, whole, timeline.millis(), List.of(facts)));
        next += facts.length;
        timeline.pass(50);
    }

    private NodeStatus status(String job) {
        return database.tables().find(World.ORG, job).orElseThrow().nodes().get("web");
    }

    private final class Ordered implements Lines {
        @Override
        public void send(Facts facts) {
            throw new AssertionError("a term states no facts");
        }

        @Override
        public void send(Orders orders) {
            ordered.addAll(orders.orders());
        }

        @Override
        public void publish(TermBeat beat) {
            // there is one gateway, and it knows
        }
    }
}
