package org.pushjobs.server.jobs;

import java.util.Optional;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.server.jobs.machine.JobEvent;
import org.pushjobs.server.nodes.NodeReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the node sessions report, as events of a job. */
final class Reported {
    private static final Logger LOG = LoggerFactory.getLogger(Reported.class);

    private Reported() {}

    /** Empty when it tells the job nothing. */
    static Optional<JobEvent> event(NodeReport report) {
        String node = report.node();
        return switch (report) {
            case NodeReport.Down _ -> Optional.of(new JobEvent.Down(node));
            case NodeReport.Unreachable _ -> Optional.of(new JobEvent.Unreachable(node));
            case NodeReport.InDoubt _ -> Optional.of(new JobEvent.InDoubt(node));
            case NodeReport.Refuses(String _, String _, var reason) ->
                Optional.of(new JobEvent.NackCommit(node, Optional.of(reason)));
            case NodeReport.Idle _ -> Optional.of(new JobEvent.ReportsIdle(node));
            case NodeReport.Said(String _, String _, AgentMessage message) ->
                switch (message) {
                    case AgentMessage.Heartbeat heartbeat -> heartbeat(report, heartbeat);
                    case AgentMessage.AckCommit _ -> Optional.of(new JobEvent.AckCommit(node));
                    case AgentMessage.NackCommit nack -> Optional.of(new JobEvent.NackCommit(node, nack.reason()));
                    case AgentMessage.AckRun _ -> Optional.of(new JobEvent.AckRun(node));
                    case AgentMessage.NackRun nack -> Optional.of(new JobEvent.NackRun(node, nack.reason()));
                    case AgentMessage.Succeeded succeeded ->
                        Optional.of(new JobEvent.Succeeded(node, succeeded.output(), succeeded.ending()));
                    case AgentMessage.Failed failed ->
                        Optional.of(new JobEvent.Failed(node, failed.output(), failed.ending()));
                    case AgentMessage.Aborted _ -> Optional.of(new JobEvent.Aborted(node));
                    case AgentMessage.TimingOut _ -> Optional.of(new JobEvent.TimingOut(node));
                    case AgentMessage.OutputChunk _, AgentMessage.Goodbye _ -> Optional.empty();
                };
        };
    }

    private static Optional<JobEvent> heartbeat(NodeReport report, AgentMessage.Heartbeat heartbeat) {
        return switch (heartbeat.jobState()) {
            case COMMITTED -> Optional.of(new JobEvent.ReportsCommitted(report.node()));
            case RUNNING -> Optional.of(new JobEvent.ReportsRunning(report.node()));
            case IDLE -> {
                LOG.debug("an idle node names a job [job: {}, node: {}]", report.jobId(), report.node());
                yield Optional.empty();
            }
        };
    }
}
