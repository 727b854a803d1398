package org.pushjobs.server.jobs;

import java.util.Optional;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.jobs.machine.JobEvent;

/** What gateways state of a node, as events of a job that it takes part in. */
final class FactEvents {
    private FactEvents() {}

    /** Empty when it tells the job nothing. */
    static Optional<JobEvent> event(Fact.Said said) {
        String node = said.node().node();
        return switch (said.message()) {
            case AgentMessage.AckCommit _ -> Optional.of(new JobEvent.AckCommit(node));
            case AgentMessage.NackCommit nack -> Optional.of(new JobEvent.NackCommit(node, nack.reason()));
            case AgentMessage.AckRun _ -> Optional.of(new JobEvent.AckRun(node));
            case AgentMessage.NackRun nack -> Optional.of(new JobEvent.NackRun(node, nack.reason()));
            case AgentMessage.Succeeded succeeded ->
                Optional.of(new JobEvent.Succeeded(node, succeeded.output(), succeeded.ending()));
            case AgentMessage.Failed failed -> Optional.of(new JobEvent.Failed(node, failed.output(), failed.ending()));
            case AgentMessage.Aborted _ -> Optional.of(new JobEvent.Aborted(node));
            case AgentMessage.TimingOut _ -> Optional.of(new JobEvent.TimingOut(node));
            case AgentMessage.Heartbeat _, AgentMessage.OutputChunk _, AgentMessage.Goodbye _ -> Optional.empty();
        };
    }

    static JobEvent event(Fact.Doing doing) {
        String node = doing.node().node();
        return switch (doing.state()) {
            case COMMITTED -> new JobEvent.ReportsCommitted(node);
            case RUNNING -> new JobEvent.ReportsRunning(node);
            case IDLE -> new JobEvent.ReportsIdle(node);
        };
    }

    static JobEvent event(Fact.Undelivered undelivered) {
        String node = undelivered.node().node();
        return undelivered
                .refusal()
                .<JobEvent>map(reason -> new JobEvent.NackCommit(node, Optional.of(reason)))
                .orElseGet(() -> new JobEvent.InDoubt(node));
    }
}
