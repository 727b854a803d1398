package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.server.gateway.Route;
import org.pushjobs.server.nodes.NodeSession.Effect;
import org.pushjobs.server.nodes.NodeSession.JobRelation;
import org.pushjobs.server.nodes.NodeSession.State;

/** lifecycle.md, "Node session". */
class NodeSessionTest {
    private static final Route ROUTE = new Route(1, "192.0.2.1");
    private static final Route NEW_ROUTE = new Route(2, "192.0.2.1");
    private static final String INCARNATION = "5a1e8a2c-0a5c-4d8b-9a51-0f4f3bd6a001";

    private static final AgentMessage IDLE = new AgentMessage.Heartbeat(envelope(Optional.empty()), JobState.IDLE);
    private static final AgentMessage IDLE_NAMING_A_JOB =
            new AgentMessage.Heartbeat(envelope(Optional.of("job")), JobState.IDLE);
    private static final AgentMessage COMMITTED =
            new AgentMessage.Heartbeat(envelope(Optional.of("job")), JobState.COMMITTED);
    private static final AgentMessage RUNNING =
            new AgentMessage.Heartbeat(envelope(Optional.of("job")), JobState.RUNNING);
    private static final AgentMessage ABORTED = new AgentMessage.Aborted(envelope(Optional.empty()));
    private static final AgentMessage ABORTED_JOB = new AgentMessage.Aborted(envelope(Optional.of("job")));

    /** Every message but heartbeats and {@code aborted}. */
    static Stream<AgentMessage> answers() {
        return Stream.concat(answersOfNodesAtWork(), refusals());
    }

    static Stream<AgentMessage> refusals() {
        AgentEnvelope envelope = envelope(Optional.of("job"));
        return Stream.of(new AgentMessage.NackCommit(envelope), new AgentMessage.NackRun(envelope));
    }

    static Stream<AgentMessage> answersOfNodesAtWork() {
        AgentEnvelope envelope = envelope(Optional.of("job"));
        return Stream.<Function<AgentEnvelope, AgentMessage>>of(
                        AgentMessage.AckCommit::new,
                        AgentMessage.AckRun::new,
                        of -> new AgentMessage.Succeeded(of, Optional.empty()),
                        of -> new AgentMessage.Failed(of, Optional.empty()),
                        AgentMessage.TimingOut::new)
                .map(message -> message.apply(envelope));
    }

    // ---- the first message

    @Test
    void unknownNodeStartsInRehab() {
        List<Effect> effects = new ArrayList<>();

        NodeSession session = NodeSession.start(IDLE, ROUTE, false, effects);

        assertThat(effects).containsExactly(Effect.SEND_ABORT, Effect.AVAILABILITY_CHANGED);
        assertThat(session.state()).isEqualTo(State.REHAB);
        assertThat(session.route()).isEqualTo(ROUTE);
    }

    @Test
    void nodeThatAJobWaitsForStartsAvailableAndIsNotAborted() {
        List<Effect> effects = new ArrayList<>();

        NodeSession session = NodeSession.start(RUNNING, ROUTE, true, effects);
        effects.addAll(session.on(RUNNING, ROUTE, JobRelation.TAKES_PART));

        assertThat(effects).containsExactly(Effect.SEND_ACK, Effect.AVAILABILITY_CHANGED, Effect.REPORT_DOING);
        assertThat(session.state()).isEqualTo(State.IDLE);
    }

    @Test
    void nodeThatAJobWaitsForIsRehabilitatedWhenItWorksForAnother() {
        List<Effect> effects = new ArrayList<>();

        NodeSession session = NodeSession.start(RUNNING, ROUTE, true, effects);
        effects.addAll(session.on(RUNNING, ROUTE, JobRelation.FOREIGN));

        assertThat(effects).endsWith(Effect.SEND_ABORT, Effect.AVAILABILITY_CHANGED);
        assertThat(session.state()).isEqualTo(State.REHAB);
    }

    @Test
    void firstHeartbeatOfAnUnknownNodeAddsNothingToItsAbort() {
        // not of a job that is known to be live: then it would have been wanted
        for (JobRelation relation : List.of(JobRelation.NONE, JobRelation.UNKNOWN, JobRelation.FOREIGN)) {
            List<Effect> effects = new ArrayList<>();
            NodeSession session = NodeSession.start(RUNNING, ROUTE, false, effects);

            assertThat(session.on(RUNNING, ROUTE, relation)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void firstMessageOfAnUnknownNodeReachesTheJobItNames(AgentMessage answer) {
        NodeSession session = NodeSession.start(answer, ROUTE, false, new ArrayList<>());

        assertThat(session.on(answer, ROUTE, JobRelation.TAKES_PART)).containsExactly(Effect.FORWARD);
        assertThat(session.state()).isEqualTo(State.REHAB);
    }

    @Test
    void sessionIsOfOneIncarnation() {
        NodeSession session = idleSession();
        AgentEnvelope other =
                new AgentEnvelope("web-1", "host", "acme", 1, Instant.EPOCH, "another incarnation", Optional.empty());

        assertThat(session.isOf(IDLE)).isTrue();
        assertThat(session.isOf(new AgentMessage.Aborted(other))).isFalse();
    }

    // ---- what agents of protocol 2.1 keep until they are answered

    static Stream<AgentMessage> keptMessages() {
        AgentEnvelope envelope = envelope(Optional.of("job"));
        Optional<Ending> ending = Optional.of(Ending.ofExitCode(0));
        return Stream.of(
                new AgentMessage.Succeeded(envelope, Optional.empty(), ending),
                new AgentMessage.Failed(envelope, Optional.empty(), ending),
                new AgentMessage.OutputChunk(envelope, OutputChannel.STDOUT, 0, new byte[] {1}));
    }

    @ParameterizedTest
    @MethodSource("keptMessages")
    void whatIsKeptForAJobThatIsNotAliveIsDismissedWithoutRehab(AgentMessage kept) {
        NodeSession session = idleSession();

        assertThat(session.on(kept, ROUTE, JobRelation.FOREIGN)).containsExactly(Effect.DISMISS);
        assertThat(session.state()).isEqualTo(State.IDLE);
        assertThat(rehabSession().on(kept, ROUTE, JobRelation.FOREIGN)).containsExactly(Effect.DISMISS);
    }

    @ParameterizedTest
    @MethodSource("keptMessages")
    void whatIsKeptReachesTheJobItNames(AgentMessage kept) {
        assertThat(idleSession().on(kept, ROUTE, JobRelation.TAKES_PART)).containsExactly(Effect.FORWARD);
    }

    // ---- rehab

    @Test
    void abortIsRepeatedUntilAborted() {
        NodeSession session = rehabSession();

        assertThat(session.rehabTimer()).containsExactly(Effect.SEND_ABORT);
        assertThat(session.rehabTimer()).containsExactly(Effect.SEND_ABORT);

        session.on(ABORTED, ROUTE, JobRelation.NONE);
        assertThat(session.rehabTimer()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "FOREIGN"})
    void abortedEndsRehab(JobRelation relation) {
        NodeSession session = rehabSession();

        assertThat(session.on(ABORTED_JOB, ROUTE, relation)).containsExactly(Effect.AVAILABILITY_CHANGED);
        assertThat(session.state()).isEqualTo(State.IDLE);
    }

    @Test
    void abortedEndsRehabAndReachesTheJobItNames() {
        NodeSession session = rehabSession();

        assertThat(session.on(ABORTED_JOB, ROUTE, JobRelation.TAKES_PART))
                .containsExactly(Effect.AVAILABILITY_CHANGED, Effect.FORWARD);
        assertThat(session.state()).isEqualTo(State.IDLE);
    }

    /** It may have got the job over another gateway, and come back before it heard of the abort. */
    @Test
    void strangerThatHasALiveJobAfterAllIsNotAbortedAnyMore() {
        NodeSession session = rehabSession();

        assertThat(session.on(RUNNING, ROUTE, JobRelation.TAKES_PART))
                .containsExactly(Effect.SEND_ACK, Effect.AVAILABILITY_CHANGED, Effect.REPORT_DOING);
        assertThat(session.state()).isEqualTo(State.IDLE);
        assertThat(session.rehabTimer()).isEmpty();
    }

    @Test
    void nodeThatWasToBeAbortedAndComesBackWithALiveJobIsAStrangerLikeOthers() {
        NodeSession session = idleSession();
        session.rehabilitate();

        session.moveTo(NEW_ROUTE);
        session.on(RUNNING, NEW_ROUTE, JobRelation.TAKES_PART);

        assertThat(session.state()).isEqualTo(State.IDLE);
    }

    @Test
    void strangerThatComesBackIsNotAbortedBeforeItHasSaidWhatItDoes() {
        NodeSession session = rehabSession();

        session.moveTo(NEW_ROUTE);
        assertThat(session.rehabTimer()).isEmpty();

        session.on(IDLE, NEW_ROUTE, JobRelation.NONE);
        assertThat(session.rehabTimer()).containsExactly(Effect.SEND_ABORT);
    }

    @Test
    void heartbeatsInRehabAreNotForwardedAndNotCounted() {
        // given: it was not a stranger
        NodeSession session = idleSession();
        session.rehabilitate();

        // when, then
        for (AgentMessage heartbeat : List.of(IDLE, IDLE, IDLE, COMMITTED, RUNNING)) {
            for (JobRelation relation : JobRelation.values()) {
                assertThat(session.on(heartbeat, ROUTE, relation)).isEmpty();
            }
        }
        assertThat(session.state()).isEqualTo(State.REHAB);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersInRehabReachTheirJob(AgentMessage answer) {
        NodeSession session = rehabSession();

        assertThat(session.on(answer, ROUTE, JobRelation.TAKES_PART)).containsExactly(Effect.FORWARD);
        assertThat(session.on(answer, ROUTE, JobRelation.FOREIGN)).isEmpty();
        assertThat(session.state()).isEqualTo(State.REHAB);
    }

    @Test
    void rehabilitationBeginsOnce() {
        NodeSession session = idleSession();

        assertThat(session.rehabilitate()).containsExactly(Effect.SEND_ABORT, Effect.AVAILABILITY_CHANGED);
        assertThat(session.rehabilitate()).isEmpty();
        assertThat(session.state()).isEqualTo(State.REHAB);
    }

    // ---- available

    @Test
    void abortedWhileAvailableIsIgnored() {
        NodeSession session = idleSession();

        assertThat(session.on(ABORTED, ROUTE, JobRelation.NONE)).isEmpty();
        assertThat(session.on(ABORTED_JOB, ROUTE, JobRelation.FOREIGN)).isEmpty();
        assertThat(session.state()).isEqualTo(State.IDLE);
    }

    @Test
    void abortedWhileAvailableReachesTheJobItNames() {
        NodeSession session = idleSession();

        assertThat(session.on(ABORTED_JOB, ROUTE, JobRelation.TAKES_PART)).containsExactly(Effect.FORWARD);
        assertThat(session.state()).isEqualTo(State.IDLE);
    }

    @Test
    void heartbeatThatNamesAForeignJobStartsRehab() {
        for (AgentMessage heartbeat : List.of(IDLE_NAMING_A_JOB, COMMITTED, RUNNING)) {
            NodeSession session = idleSession();

            assertThat(session.on(heartbeat, ROUTE, JobRelation.FOREIGN))
                    .containsExactly(Effect.SEND_ABORT, Effect.AVAILABILITY_CHANGED);
            assertThat(session.state()).isEqualTo(State.REHAB);
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalOfAForeignJobMeansNothing(AgentMessage refusal) {
        NodeSession session = idleSession();

        assertThat(session.on(refusal, ROUTE, JobRelation.FOREIGN)).isEmpty();
        assertThat(session.state()).isEqualTo(State.IDLE);
    }

    @ParameterizedTest
    @MethodSource("answersOfNodesAtWork")
    void answerForAForeignJobStartsRehab(AgentMessage answer) {
        for (JobRelation relation : List.of(JobRelation.FOREIGN, JobRelation.NONE)) {
            NodeSession session = idleSession();

            assertThat(session.on(answer, ROUTE, relation))
                    .containsExactly(Effect.SEND_ABORT, Effect.AVAILABILITY_CHANGED);
            assertThat(session.state()).isEqualTo(State.REHAB);
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answerReachesTheJobItNames(AgentMessage answer) {
        NodeSession session = idleSession();

        assertThat(session.on(answer, ROUTE, JobRelation.TAKES_PART)).containsExactly(Effect.FORWARD);
    }

    @ParameterizedTest
    @EnumSource(names = {"TAKES_PART", "UNKNOWN"})
    void whatIsSaidOfAJobThatMayBeLiveReachesIt(JobRelation relation) {
        answers().forEach(answer -> {
            NodeSession session = idleSession();

            assertThat(session.on(answer, ROUTE, relation)).containsExactly(Effect.FORWARD);
            assertThat(session.state()).isEqualTo(State.IDLE);
        });
        keptMessages()
                .forEach(kept ->
                        assertThat(idleSession().on(kept, ROUTE, relation)).containsExactly(Effect.FORWARD));
        assertThat(idleSession().on(ABORTED_JOB, ROUTE, relation)).containsExactly(Effect.FORWARD);
    }

    /** A job that this server does not know yet. */
    @Test
    void unknownIsNotForeign() {
        NodeSession session = idleSession();

        assertThat(session.on(RUNNING, ROUTE, JobRelation.UNKNOWN)).containsExactly(Effect.REPORT_DOING);
        assertThat(session.state()).isEqualTo(State.IDLE);
        assertThat(session.on(RUNNING, ROUTE, JobRelation.FOREIGN))
                .containsExactly(Effect.SEND_ABORT, Effect.AVAILABILITY_CHANGED);
    }

    // ---- what heartbeats say

    @ParameterizedTest
    @EnumSource(names = {"TAKES_PART", "UNKNOWN"})
    void whatANodeDoesIsReportedAtHeartbeatsWhoseNumberIsAPowerOfTwo(JobRelation relation) {
        for (AgentMessage heartbeat : List.of(COMMITTED, RUNNING)) {
            assertThat(reported(idleSession(), heartbeat, relation, 70)).containsExactly(1, 2, 4, 8, 16, 32, 64);
        }
    }

    /** The first may have crossed a commit. */
    @Test
    void idleIsReportedFromTheSecondHeartbeatInARow() {
        assertThat(reported(idleSession(), IDLE, JobRelation.NONE, 20)).containsExactly(2, 4, 8, 16);
    }

    @Test
    void anotherStateBeginsANewStreak() {
        NodeSession session = idleSession();
        for (AgentMessage heartbeat : List.of(IDLE, COMMITTED, RUNNING, COMMITTED, IDLE)) {
            assertThat(reported(session, heartbeat, JobRelation.TAKES_PART, 3))
                    .as("%s", heartbeat)
                    .contains(2)
                    .doesNotContain(3);
        }
    }

    @Test
    void anotherJobBeginsANewStreak() {
        NodeSession session = idleSession();
        AgentMessage other = new AgentMessage.Heartbeat(envelope(Optional.of("other")), JobState.RUNNING);

        assertThat(reported(session, RUNNING, JobRelation.TAKES_PART, 3)).containsExactly(1, 2);
        assertThat(reported(session, other, JobRelation.TAKES_PART, 3)).containsExactly(1, 2);
    }

    @Test
    void nodeAtWorkThatNamesNoJobIsNotReported() {
        AgentMessage nameless = new AgentMessage.Heartbeat(envelope(Optional.empty()), JobState.RUNNING);

        assertThat(reported(idleSession(), nameless, JobRelation.NONE, 5)).isEmpty();
    }

    @Test
    void streakIsCountedAnewOnDemand() {
        NodeSession session = idleSession();
        assertThat(reported(session, RUNNING, JobRelation.TAKES_PART, 3)).containsExactly(1, 2);

        session.countAnew();

        assertThat(session.heartbeats()).isZero();
        assertThat(reported(session, RUNNING, JobRelation.TAKES_PART, 4)).containsExactly(1, 2, 4);
    }

    /** The numbers, from 1, of the heartbeats that are reported. */
    private static List<Integer> reported(
            NodeSession session, AgentMessage heartbeat, JobRelation relation, int heartbeats) {
        List<Integer> reported = new ArrayList<>();
        for (int i = 1; i <= heartbeats; i++) {
            List<Effect> effects = session.on(heartbeat, ROUTE, relation);
            if (!effects.isEmpty()) {
                assertThat(effects).containsExactly(Effect.REPORT_DOING);
                assertThat(session.heartbeats()).isEqualTo(i);
                reported.add(i);
            }
        }
        return reported;
    }

    @Test
    void everyOtherMessageBeginsANewStreak() {
        Map<AgentMessage, JobRelation> others = Map.of(
                COMMITTED,
                JobRelation.TAKES_PART,
                RUNNING,
                JobRelation.TAKES_PART,
                ABORTED,
                JobRelation.NONE,
                ABORTED_JOB,
                JobRelation.TAKES_PART,
                new AgentMessage.Heartbeat(envelope(Optional.empty()), JobState.RUNNING),
                JobRelation.NONE);
        others.forEach(NodeSessionTest::assertBeginsANewStreak);
        answers().forEach(answer -> assertBeginsANewStreak(answer, JobRelation.TAKES_PART));
    }

    private static void assertBeginsANewStreak(AgentMessage message, JobRelation relation) {
        // given: one idle heartbeat, then the message
        NodeSession session = idleSession();
        session.on(IDLE, ROUTE, JobRelation.NONE);
        session.on(message, ROUTE, relation);

        // when, then
        assertThat(session.on(IDLE, ROUTE, JobRelation.NONE)).as("%s", message).isEmpty();
        assertThat(session.on(IDLE, ROUTE, JobRelation.NONE)).as("%s", message).containsExactly(Effect.REPORT_DOING);

        // and after a report too
        session.on(message, ROUTE, relation);
        assertThat(session.on(IDLE, ROUTE, JobRelation.NONE)).as("%s", message).isEmpty();
        assertThat(session.on(IDLE, ROUTE, JobRelation.NONE)).as("%s", message).containsExactly(Effect.REPORT_DOING);
    }

    @Test
    void idleHeartbeatThatStillNamesItsJobCountsAsIdle() {
        NodeSession session = idleSession();

        assertThat(session.on(IDLE_NAMING_A_JOB, ROUTE, JobRelation.TAKES_PART)).isEmpty();
        assertThat(session.on(IDLE, ROUTE, JobRelation.NONE)).containsExactly(Effect.REPORT_DOING);
    }

    @Test
    void streakBeginsAnewAfterRehab() {
        NodeSession session = idleSession();
        session.on(IDLE, ROUTE, JobRelation.NONE);
        session.rehabilitate();
        session.on(ABORTED, ROUTE, JobRelation.NONE);

        assertThat(session.on(IDLE, ROUTE, JobRelation.NONE)).isEmpty();
        assertThat(session.on(IDLE, ROUTE, JobRelation.NONE)).containsExactly(Effect.REPORT_DOING);
    }

    // ---- a new connection

    @Test
    void newRouteIsAcknowledgedBeforeTheMessageIsHandled() {
        NodeSession session = idleSession();

        assertThat(session.on(RUNNING, NEW_ROUTE, JobRelation.TAKES_PART))
                .containsExactly(Effect.SEND_ACK, Effect.RENUMBER, Effect.REPORT_DOING);
        assertThat(session.route()).isEqualTo(NEW_ROUTE);
    }

    @Test
    void newRouteIsAcknowledgedOnce() {
        NodeSession session = idleSession();
        session.on(IDLE, NEW_ROUTE, JobRelation.NONE);

        assertThat(session.on(RUNNING, NEW_ROUTE, JobRelation.TAKES_PART)).containsExactly(Effect.REPORT_DOING);
    }

    @Test
    void newRouteIsAcknowledgedInRehabToo() {
        NodeSession session = rehabSession();

        assertThat(session.on(IDLE, NEW_ROUTE, JobRelation.NONE)).containsExactly(Effect.SEND_ACK, Effect.RENUMBER);
        assertThat(session.route()).isEqualTo(NEW_ROUTE);
        assertThat(session.rehabTimer()).containsExactly(Effect.SEND_ABORT);
    }

    @Test
    void newRouteIsAcknowledgedBeforeTheAbort() {
        NodeSession session = idleSession();

        assertThat(session.on(RUNNING, NEW_ROUTE, JobRelation.FOREIGN))
                .containsExactly(Effect.SEND_ACK, Effect.RENUMBER, Effect.SEND_ABORT, Effect.AVAILABILITY_CHANGED);
    }

    @Test
    void messageThatComesLateOverTheOldConnectionDoesNotBringItBack() {
        NodeSession session = idleSession();
        session.on(IDLE, NEW_ROUTE, JobRelation.NONE);

        assertThat(session.on(RUNNING, ROUTE, JobRelation.TAKES_PART)).containsExactly(Effect.REPORT_DOING);
        assertThat(session.route()).isEqualTo(NEW_ROUTE);
    }

    @Test
    void streakOfIdleHeartbeatsBeginsAnewWithAConnection() {
        NodeSession session = idleSession();
        session.on(IDLE, ROUTE, JobRelation.NONE);
        session.on(IDLE, ROUTE, JobRelation.NONE);

        assertThat(session.on(IDLE, NEW_ROUTE, JobRelation.NONE)).doesNotContain(Effect.REPORT_DOING);
        assertThat(session.on(IDLE, NEW_ROUTE, JobRelation.NONE)).containsExactly(Effect.REPORT_DOING);
    }

    /** A commit that was not sent is sent again when the node says that it does nothing, however long it has said so before. */
    @Test
    void streakOfIdleHeartbeatsBeginsAnewWhenSomethingWasMissed() {
        NodeSession session = idleSession();
        for (int i = 0; i < 5; i++) {
            session.on(IDLE, ROUTE, JobRelation.NONE);
        }

        assertThat(session.missed()).containsExactly(Effect.RENUMBER);
        assertThat(session.on(IDLE, ROUTE, JobRelation.NONE)).isEmpty();
        assertThat(session.on(IDLE, ROUTE, JobRelation.NONE)).containsExactly(Effect.REPORT_DOING);
    }

    @Test
    void connectionThatIsTakenBeforeTheAgentSpeaksOverItRenumbersTheSessionOnce() {
        NodeSession session = idleSession();

        assertThat(session.moveTo(NEW_ROUTE)).containsExactly(Effect.RENUMBER);
        assertThat(session.on(RUNNING, NEW_ROUTE, JobRelation.TAKES_PART)).containsExactly(Effect.REPORT_DOING);
    }

    /** Its agent did not listen while it worked, and does not listen for some seconds more. */
    @Test
    void nodeThatBeginsWithAResultIsHeardAndThenRehabilitated() {
        AgentMessage result = new AgentMessage.Succeeded(envelope(Optional.of("job")), Optional.empty());
        List<Effect> effects = new ArrayList<>();

        NodeSession session = NodeSession.start(result, ROUTE, true, effects);
        effects.addAll(session.on(result, ROUTE, JobRelation.TAKES_PART));

        assertThat(effects).containsExactly(Effect.SEND_ABORT, Effect.AVAILABILITY_CHANGED, Effect.FORWARD);
        assertThat(session.state()).isEqualTo(State.REHAB);
    }

    @Test
    void nodeOfProtocol21ThatBeginsWithItsResultIsAvailable() {
        AgentMessage result = new AgentMessage.Succeeded(
                envelope(Optional.of("job")), Optional.empty(), Optional.of(Ending.ofExitCode(0)));

        NodeSession session = NodeSession.start(result, ROUTE, true, new ArrayList<>());

        assertThat(session.state()).isEqualTo(State.IDLE);
    }

    private static NodeSession rehabSession() {
        return NodeSession.start(IDLE, ROUTE, false, new ArrayList<>());
    }

    private static NodeSession idleSession() {
        NodeSession session = rehabSession();
        session.on(ABORTED, ROUTE, JobRelation.NONE);
        return session;
    }

    private static AgentEnvelope envelope(Optional<String> jobId) {
        return new AgentEnvelope("web-1", "host", "acme", 1, Instant.EPOCH, INCARNATION, jobId);
    }
}
