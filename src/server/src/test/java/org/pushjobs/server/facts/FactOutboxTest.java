package org.pushjobs.server.facts;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.testing.LogCapture;
import org.pushjobs.server.testing.VirtualSchedule;

class FactOutboxTest {
    private static final NodeRef WEB = new NodeRef("0".repeat(32), "web");
    private static final AgentMessage ACK = new AgentMessage.AckCommit(envelope());
    private static final Fact DOING = new Fact.Doing(WEB, 1, JobState.RUNNING, Optional.of("job"), 1);
    private static final Fact.Attached ATTACHED =
            new Fact.Attached(WEB, 1, "1", Standing.AVAILABLE, Capabilities.PLAIN, Instant.EPOCH, 0);

    private final VirtualSchedule schedule = new VirtualSchedule();
    private final List<Facts> sent = new ArrayList<>();
    private final FactOutbox outbox =
            new FactOutbox("gateway", new SentFacts(), schedule, () -> 17, () -> List.of(ATTACHED));

    private final class SentFacts implements Lines {
        @Override
        public void send(Facts facts) {
            sent.add(facts);
        }

        @Override
        public void send(Orders orders) {
            throw new AssertionError("a gateway gives no orders");
        }

        @Override
        public void publish(TermBeat beat) {
            throw new AssertionError("a gateway is no term");
        }
    }

    // ---- what is told

    @Test
    void withoutATermNothingIsTold() {
        outbox.state(DOING);
        outbox.said(WEB, 1, ACK);
        outbox.beat();
        schedule.pass(1_000);

        assertThat(sent).isEmpty();
        assertThat(outbox.unacknowledged()).isEqualTo(1);
    }

    @Test
    void termIsFirstToldAllNodesAndThenWhatItHasNotAcknowledged() {
        outbox.said(WEB, 1, ACK);

        outbox.adopt(3);
        schedule.pass(0);

        assertThat(sent)
                .containsExactly(
                        new Facts("gateway", 3, 1, true, 17, List.of(ATTACHED, new Fact.Said(WEB, 1, 1, false, ACK))));
    }

    @Test
    void factsOfOneMomentGoTogetherAndAreNumbered() {
        adopt(1);

        outbox.state(DOING);
        outbox.said(WEB, 1, ACK);
        schedule.pass(0);
        outbox.state(DOING);
        schedule.pass(0);
        outbox.beat();

        assertThat(sent)
                .containsExactly(
                        new Facts("gateway", 1, 2, false, 17, List.of(DOING, new Fact.Said(WEB, 1, 1, false, ACK))),
                        new Facts("gateway", 1, 4, false, 17, List.of(DOING)),
                        new Facts("gateway", 1, 5, false, 17, List.of()));
    }

    @Test
    void manyFactsOfOneMomentDoNotWaitForEachOther() {
        adopt(1);

        for (int i = 0; i <= FactOutbox.MOST_TOGETHER; i++) {
            outbox.state(DOING);
        }
        assertThat(sent).hasSize(1);
        schedule.pass(0);

        assertThat(sent).extracting(facts -> facts.facts().size()).containsExactly(FactOutbox.MOST_TOGETHER, 1);
        assertThat(sent).extracting(Facts::first).containsExactly(2L, 2L + FactOutbox.MOST_TOGETHER);
    }

    @Test
    void muchOutputOfOneMomentDoesNotWait() {
        adopt(1);

        outbox.said(WEB, 1, succeeded(200_000));
        assertThat(sent).isEmpty();
        outbox.said(WEB, 1, succeeded(200_000));

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().facts()).hasSize(2);
    }

    @Test
    void beatTakesWhatWaitsWithItOnce() {
        adopt(1);

        outbox.state(DOING);
        outbox.beat();
        schedule.pass(0);

        assertThat(sent).containsExactly(new Facts("gateway", 1, 2, false, 17, List.of(DOING)));
    }

    /** What was stated before is in it, or is not true any more. */
    @Test
    void whatWaitsIsDroppedWhenEverythingIsTold() {
        adopt(1);

        outbox.state(DOING);
        outbox.said(WEB, 1, ACK);
        outbox.tellAll();
        outbox.state(DOING);
        schedule.pass(0);

        assertThat(sent)
                .containsExactly(
                        new Facts("gateway", 1, 2, true, 17, List.of(ATTACHED, new Fact.Said(WEB, 1, 1, false, ACK))));
    }

    // ---- terms

    @Test
    void newTermHearsAllAgainWithNumbersFromOneAndReportsAsRepeated() {
        adopt(1);
        outbox.said(WEB, 1, ACK);
        schedule.pass(0);
        sent.clear();

        adoptAndKeep(2);
        outbox.said(WEB, 1, ACK);
        schedule.pass(0);

        assertThat(sent)
                .containsExactly(
                        new Facts("gateway", 2, 1, true, 17, List.of(ATTACHED, new Fact.Said(WEB, 1, 1, true, ACK))),
                        new Facts("gateway", 2, 3, false, 17, List.of(new Fact.Said(WEB, 1, 2, false, ACK))));
    }

    @Test
    void sameOrEarlierTermChangesNothing() {
        adopt(5);

        outbox.adopt(5);
        outbox.adopt(4);
        schedule.pass(0);
        assertThat(sent).isEmpty();

        outbox.beat();
        assertThat(sent.getFirst().epoch()).isEqualTo(5);
    }

    // ---- acknowledgements

    @Test
    void acknowledgedReportsAreNotTold() {
        adopt(1);
        outbox.said(WEB, 1, ACK);
        outbox.said(WEB, 1, ACK);
        outbox.said(WEB, 1, ACK);
        schedule.pass(0);
        sent.clear();

        outbox.acknowledged(2);
        assertThat(outbox.unacknowledged()).isEqualTo(1);
        adoptAndKeep(2);

        assertThat(sent.getFirst().facts()).containsExactly(ATTACHED, new Fact.Said(WEB, 1, 3, true, ACK));

        outbox.acknowledged(100);
        outbox.acknowledged(1);
        assertThat(outbox.unacknowledged()).isZero();
    }

    // ---- bounds

    @Test
    void outputOfTheEldestResultsIsLetGoAndTheirResultsStay() {
        // given: results whose output fills what is kept, and a report without any before and between them
        try (LogCapture log = new LogCapture(FactOutbox.class)) {
            int quarter = (int) (FactOutbox.MOST_OUTPUT_BYTES / 4);
            outbox.said(WEB, 1, ACK);
            outbox.said(WEB, 1, succeeded(quarter));
            outbox.said(WEB, 1, ACK);
            outbox.said(WEB, 1, failed(quarter));
            outbox.said(WEB, 1, succeeded(quarter));
            outbox.said(WEB, 1, succeeded(quarter));
            assertThat(outbox.dropped()).isZero();

            // when
            outbox.said(WEB, 1, succeeded(quarter + 1));

            // then: two of them had to go
            assertThat(outbox.dropped()).isEqualTo(2);
            assertThat(log.messages(Level.ERROR)).hasSize(2);
        }
        adoptAndKeep(1);
        List<Fact> told = sent.getFirst().facts();
        assertThat(told).hasSize(8);
        assertThat(output(told.get(2))).isEmpty();
        assertThat(told.get(2))
                .isInstanceOfSatisfying(
                        Fact.Said.class, said -> assertThat(said.message()).isInstanceOf(AgentMessage.Succeeded.class));
        assertThat(output(told.get(4))).isEmpty();
        assertThat(told.get(4))
                .isInstanceOfSatisfying(
                        Fact.Said.class, said -> assertThat(said.message()).isInstanceOf(AgentMessage.Failed.class));
        assertThat(output(told.get(5))).isPresent();
        assertThat(output(told.get(7))).isPresent();
    }

    @Test
    void newTermHearsTheLastOutputOfAFailedCommandAgain() {
        adopt(1);
        AgentMessage failed = failedWithTail(300);
        outbox.said(WEB, 1, failed);
        schedule.pass(0);
        assertThat(sent.getFirst().facts()).containsExactly(new Fact.Said(WEB, 1, 1, false, failed));
        sent.clear();

        adoptAndKeep(2);

        assertThat(sent.getFirst().facts()).containsExactly(ATTACHED, new Fact.Said(WEB, 1, 1, true, failed));
    }

    @Test
    void lastOutputOfFailedCommandsIsLetGoAsOutputIs() {
        try (LogCapture log = new LogCapture(FactOutbox.class)) {
            outbox.said(WEB, 1, failedWithTail(300));
            outbox.said(WEB, 1, succeeded((int) FactOutbox.MOST_OUTPUT_BYTES));
            assertThat(outbox.dropped()).isEqualTo(1);
            assertThat(log.messages(Level.ERROR)).hasSize(1);
        }

        adoptAndKeep(1);

        assertThat(sent.getFirst().facts().get(1))
                .isEqualTo(new Fact.Said(
                        WEB,
                        1,
                        1,
                        false,
                        new AgentMessage.Failed(envelope(), Optional.empty(), Optional.of(Ending.ofExitCode(3)))));
    }

    private static AgentMessage failedWithTail(int bytes) {
        byte[] data = new byte[bytes];
        Arrays.fill(data, (byte) 0xff);
        return new AgentMessage.Failed(
                envelope(),
                Optional.empty(),
                Optional.of(Ending.ofExitCode(3).with(Optional.of(new OutputTail(1L << 33, data)))));
    }

    /** The first telling of a result is not affected by how much is kept. */
    @Test
    void resultWhoseOutputIsNotKeptIsToldWithItOnce() {
        adopt(1);

        outbox.said(WEB, 1, succeeded((int) FactOutbox.MOST_OUTPUT_BYTES + 1));
        schedule.pass(0);

        assertThat(output(sent.getFirst().facts().getFirst())).isPresent();
        sent.clear();
        adoptAndKeep(2);
        assertThat(output(sent.getFirst().facts().getLast())).isEmpty();
    }

    @Test
    void acknowledgedOutputMakesRoom() {
        int half = (int) (FactOutbox.MOST_OUTPUT_BYTES / 2);
        for (int i = 1; i <= 10; i++) {
            outbox.said(WEB, 1, succeeded(half));
            outbox.acknowledged(i - 1);
        }

        assertThat(outbox.dropped()).isZero();
        assertThat(outbox.unacknowledged()).isEqualTo(1);
    }

    @Test
    void eldestReportsAreLetGoWhenThereAreTooMany() {
        try (LogCapture log = new LogCapture(FactOutbox.class)) {
            for (int i = 0; i < FactOutbox.MOST_REPORTS + 5; i++) {
                outbox.said(WEB, 1, ACK);
            }

            assertThat(outbox.unacknowledged()).isEqualTo(FactOutbox.MOST_REPORTS);
            assertThat(outbox.dropped()).isEqualTo(5);
            // the first, the second and the fourth
            assertThat(log.messages(Level.ERROR)).hasSize(3);
        }
        adoptAndKeep(1);
        assertThat(sent.getFirst().facts().get(1)).isEqualTo(new Fact.Said(WEB, 1, 6, false, ACK));
    }

    private void adopt(long epoch) {
        adoptAndKeep(epoch);
        sent.clear();
    }

    private void adoptAndKeep(long epoch) {
        outbox.adopt(epoch);
        schedule.pass(0);
    }

    private static Optional<Output> output(Fact fact) {
        return switch (((Fact.Said) fact).message()) {
            case AgentMessage.Succeeded result -> result.output();
            case AgentMessage.Failed result -> result.output();
            default -> throw new AssertionError("no result: " + fact);
        };
    }

    private static AgentMessage succeeded(int characters) {
        return new AgentMessage.Succeeded(envelope(), Optional.of(new Output("x".repeat(characters), "")));
    }

    private static AgentMessage failed(int characters) {
        return new AgentMessage.Failed(envelope(), Optional.of(new Output("", "x".repeat(characters))));
    }

    private static AgentEnvelope envelope() {
        return new AgentEnvelope("web", "web.test", "acme", 1, Instant.EPOCH, "1", Optional.of("job"));
    }
}
