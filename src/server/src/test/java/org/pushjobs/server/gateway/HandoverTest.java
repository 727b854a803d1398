package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;

class HandoverTest {
    private static final NodeRef NODE = new NodeRef("00112233445566778899aabbccddeeff", "node-1");
    private static final int FAILS = -1;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Long> received = new ArrayList<>();
    private final Handover handover = new Handover(tasks::add, this::receive);

    @Test
    void messagesKeepTheirOrderAndComeManyAtATime() {
        FakeConnection connection = new FakeConnection();
        for (int i = 0; i < 1_000; i++) {
            handover.put(connection.user(), NODE, message(i));
        }

        assertThat(tasks).hasSize(1);
        assertThat(handover.size()).isEqualTo(1_000);
        work();
        assertThat(received).hasSize(1_000).isSorted();
        assertThat(handover.size()).isZero();

        handover.put(connection.user(), NODE, message(1_000));
        work();
        assertThat(received).hasSize(1_001);
    }

    @Test
    void connectionsAreNotReadWhileTooManyMessagesWaitAndAllAreReadAgainAfterwards() {
        // given
        FakeConnection first = new FakeConnection();
        FakeConnection second = new FakeConnection();
        for (int i = 0; i < Handover.MAX_WAITING; i++) {
            handover.put(first.user(), NODE, message(i));
        }
        assertThat(first.reading).isTrue();

        // when
        handover.put(first.user(), NODE, message(Handover.MAX_WAITING));
        handover.put(second.user(), NODE, message(Handover.MAX_WAITING + 1));

        // then
        assertThat(first.reading).isFalse();
        assertThat(second.reading).isFalse();
        tasks.remove().run();
        assertThat(first.reading).as("read before all was worked off").isFalse();
        work();
        assertThat(first.reading).isTrue();
        assertThat(second.reading).isTrue();
        assertThat(received).hasSize(Handover.MAX_WAITING + 2).isSorted();
    }

    @Test
    void whatCannotBeHandledClosesItsConnectionAndTheOthersGoOn() {
        // given
        FakeConnection good = new FakeConnection();
        FakeConnection bad = new FakeConnection();
        for (int i = 0; i < Handover.MAX_WAITING; i++) {
            handover.put(good.user(), NODE, message(i));
        }
        handover.put(bad.user(), NODE, message(FAILS));
        handover.put(good.user(), NODE, message(Handover.MAX_WAITING));

        // when
        work();

        // then
        assertThat(bad.failure).hasMessage("thrown by the test");
        assertThat(good.failure).isNull();
        assertThat(good.reading).isTrue();
        assertThat(received).hasSize(Handover.MAX_WAITING + 1).isSorted();
    }

    private void receive(AgentConnection from, NodeRef node, MessageCheck.Checked checked) {
        assertThat(node).isEqualTo(NODE);
        AgentMessage message = ((MessageCheck.Checked.InTime) checked).message();
        if (message.envelope().sequence() == FAILS) {
            throw new IllegalStateException("thrown by the test");
        }
        received.add(message.envelope().sequence());
    }

    private void work() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private static MessageCheck.Checked message(long sequence) {
        return new MessageCheck.Checked.InTime(new AgentMessage.Heartbeat(
                new AgentEnvelope(NODE.node(), "handover.test", "acme", sequence, Instant.EPOCH, "1", Optional.empty()),
                JobState.IDLE));
    }

    /** Remembers whether it is read, and what closed it. */
    private static final class FakeConnection extends QuietConnection<AgentConnection> {
        private boolean reading = true;
        private RuntimeException failure;

        private FakeConnection() {
            super(new AgentConnection(Optional.empty()));
            user().opened(this);
        }

        @Override
        public void execute(Runnable task) {
            try {
                task.run();
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        @Override
        public void pause() {
            reading = false;
        }

        @Override
        public void resume() {
            reading = true;
        }
    }
}
