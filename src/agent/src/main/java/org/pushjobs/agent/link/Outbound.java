package org.pushjobs.agent.link;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntSupplier;
import org.pushjobs.agent.job.JobResult;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.config.Extensions;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.signing.MessageHeader;

/**
 * What goes out on the command port, in this order: answers, results, one heartbeat, output. What the port does not take
 * waits, a heartbeat at most once: a later one says the same and more. Belongs to the agent's thread.
 */
final class Outbound {
    private static final OptionalInt MAX_COMMIT = OptionalInt.of(MessageLimits.MAX_COMMIT_SIZE_BYTES);

    private final ServerPorts ports;
    private final JobDesk desk;
    private final MessageWriter writer;
    private final IntSupplier maxBodySizeBytes;
    private boolean heartbeatDue;
    private boolean refused;

    /** @param maxBodySizeBytes of results in protocol 2.0, as this node's settings have it */
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
    boolean isWaiting() {
        return refused;
    }

    /** When {@link #flush} is worth calling, if nothing happens until then and the port takes what it is given. */
    long nextFlushMillis(ServerLink link) {
        Optional<Extensions> extensions = link.extensions();
        if (refused || extensions.isEmpty() || !link.presence().online()) {
            return Long.MAX_VALUE;
        }
        long output = desk.output()
                .map(sender -> sender.nextMillis(extensions.get().outputWindowBytes()))
                .orElse(Long.MAX_VALUE);
        return Math.min(desk.results().nextOverdueMillis(), output);
    }

    /** Sends as much as the port takes. */
    void flush(ServerLink link, long nowMillis) {
        refused = false;
        if (sendAnswers(link, nowMillis)
                && sendResults(link, nowMillis)
                && sendHeartbeat(link, nowMillis)
                && link.extensions().isPresent()
                && link.presence().online()) {
            sendOutput(link, link.extensions().get(), nowMillis);
            sendResults(link, nowMillis);
        }
    }

    /**
     * Tells the server that this agent stops, unless it still waits for a result: that is crashed by the missing heartbeats.
     */
    void goodbye(ServerLink link) {
        if (link.extensions().isPresent() && desk.results().next().isEmpty()) {
            byte[] body = writer.body(link.protocolVersion(), Optional.empty(), AgentMessage.Goodbye::new);
            ports.sendLast(new Frames(
                    MessageHeader.hmac(body, link.session().sessionKey()).encode(), body));
        }
    }

    private boolean sendAnswers(ServerLink link, long nowMillis) {
        while (!desk.answers().isEmpty()) {
            Outgoing answer = desk.answers().getFirst();
            boolean isUnderstood = switch (answer.audience()) {
                case ALL -> true;
                case EXTENDED -> link.extensions().isPresent();
            };
            if (isUnderstood
                    && !send(link, writer.body(link.protocolVersion(), answer.jobId(), answer.type()), nowMillis)) {
                return false;
            }
            desk.answers().removeFirst();
        }
        return true;
    }

    private boolean sendResults(ServerLink link, long nowMillis) {
        if (!link.takesResults()) {
            return true;
        }
        return link.extensions().isPresent()
                ? sendResultsToBeAcknowledged(link, link.extensions().get(), nowMillis)
                : sendPlainResults(link, nowMillis);
    }

    private boolean sendPlainResults(ServerLink link, long nowMillis) {
        int limit =
                Math.min(maxBodySizeBytes.getAsInt(), link.session().document().maxBodySizeBytes());
        for (Optional<JobResult> next = desk.results().next();
                next.isPresent();
                next = desk.results().next()) {
            if (!send(link, ResultMessage.plainBody(next.get(), writer, limit), nowMillis)) {
                return false;
            }
            desk.results().sent(nowMillis);
        }
        return true;
    }

    private boolean sendResultsToBeAcknowledged(ServerLink link, Extensions extensions, long nowMillis) {
        int tailBytes = Math.min(
                extensions.maxTailBytes(),
                OutputSender.partBytes(link.session().document().maxBodySizeBytes()));
        for (Optional<JobResult> next = desk.resultWithOutputSent();
                next.isPresent();
                next = desk.resultWithOutputSent()) {
            if (!send(link, ResultMessage.extendedBody(next.get(), writer, tailBytes), nowMillis)) {
                return false;
            }
            desk.results().sentToBeAcknowledged(nowMillis);
        }
        for (Optional<JobResult> late = desk.results().overdue(nowMillis);
                late.isPresent();
                late = desk.results().overdue(nowMillis)) {
            if (!send(link, ResultMessage.extendedBody(late.get(), writer, tailBytes), nowMillis)) {
                return false;
            }
            desk.results().sentAgain(late.get(), nowMillis);
        }
        return true;
    }

    private boolean sendHeartbeat(ServerLink link, long nowMillis) {
        if (heartbeatDue) {
            JobState state = desk.reportedState();
            byte[] body = writer.body(
                    link.protocolVersion(),
                    desk.reportedJob(),
                    envelope -> new AgentMessage.Heartbeat(envelope, state, MAX_COMMIT));
            heartbeatDue = !send(link, body, nowMillis);
        }
        return !heartbeatDue;
    }

    private void sendOutput(ServerLink link, Extensions extensions, long nowMillis) {
        if (desk.output().isEmpty()) {
            return;
        }
        OutputSender sender = desk.output().get();
        int partBytes = OutputSender.partBytes(link.session().document().maxBodySizeBytes());
        for (Optional<OutputSender.Part> next = sender.next(partBytes, extensions.outputWindowBytes(), nowMillis);
                next.isPresent();
                next = sender.next(partBytes, extensions.outputWindowBytes(), nowMillis)) {
            OutputSender.Part part = next.get();
            byte[] body = writer.body(
                    link.protocolVersion(),
                    Optional.of(sender.jobId()),
                    envelope -> new AgentMessage.OutputChunk(envelope, part.channel(), part.offset(), part.data()));
            if (!send(link, body, nowMillis)) {
                return;
            }
            sender.sent(part, nowMillis);
        }
    }

    private boolean send(ServerLink link, byte[] body, long nowMillis) {
        byte[] header = MessageHeader.hmac(body, link.session().sessionKey()).encode();
        boolean taken = ports.trySend(new Frames(header, body));
        if (taken) {
            link.silence().sent(nowMillis);
        } else {
            refused = true;
        }
        return taken;
    }
}
