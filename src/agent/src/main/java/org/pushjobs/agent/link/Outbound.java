package org.pushjobs.agent.link;

import java.util.Optional;
import java.util.function.IntSupplier;
import org.pushjobs.agent.job.JobResult;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.signing.MessageHeader;

/**
 * What goes out on the command port, in this order: answers, results, one heartbeat. What the port does not take waits, a
 * heartbeat at most once: a later one says the same and more. Belongs to the agent's thread.
 */
final class Outbound {
    private final ServerPorts ports;
    private final JobDesk desk;
    private final MessageWriter writer;
    private final IntSupplier maxBodySizeBytes;
    private boolean heartbeatDue;

    /** @param maxBodySizeBytes of results, as this node's settings have it */
    Outbound(ServerPorts ports, JobDesk desk, MessageWriter writer, IntSupplier maxBodySizeBytes) {
        this.ports = ports;
        this.desk = desk;
        this.writer = writer;
        this.maxBodySizeBytes = maxBodySizeBytes;
    }

    /** A heartbeat is to be sent as soon as the port takes one. */
    void heartbeat() {
        heartbeatDue = true;
    }

    /** No heartbeat is to be sent now. */
    void noHeartbeat() {
        heartbeatDue = false;
    }

    /** Whether something waits that the port did not take. */
    boolean isWaiting(ServerLink link) {
        return heartbeatDue
                || !desk.answers().isEmpty()
                || link.delivers() && desk.results().next().isPresent();
    }

    /** Sends as much as the port takes. */
    void flush(ServerLink link, long nowMillis) {
        if (sendAnswers(link, nowMillis) && sendResults(link, nowMillis) && heartbeatDue) {
            JobState state = desk.reportedState();
            byte[] body = writer.body(desk.reportedJob(), envelope -> new AgentMessage.Heartbeat(envelope, state));
            heartbeatDue = !send(link, body, nowMillis);
        }
    }

    private boolean sendAnswers(ServerLink link, long nowMillis) {
        while (!desk.answers().isEmpty()) {
            Outgoing answer = desk.answers().getFirst();
            if (!send(link, writer.body(answer.jobId(), answer.type()), nowMillis)) {
                return false;
            }
            desk.answers().removeFirst();
        }
        return true;
    }

    private boolean sendResults(ServerLink link, long nowMillis) {
        int limit =
                Math.min(maxBodySizeBytes.getAsInt(), link.session().document().maxBodySizeBytes());
        Optional<JobResult> result = desk.results().next();
        while (link.delivers() && result.isPresent()) {
            if (!send(link, ResultMessage.body(result.get(), writer, limit), nowMillis)) {
                return false;
            }
            desk.results().sent(nowMillis);
            result = desk.results().next();
        }
        return true;
    }

    private boolean send(ServerLink link, byte[] body, long nowMillis) {
        byte[] header = MessageHeader.hmac(body, link.session().sessionKey()).encode();
        boolean taken = ports.trySend(new Frames(header, body));
        if (taken) {
            link.silence().sent(nowMillis);
        }
        return taken;
    }
}
