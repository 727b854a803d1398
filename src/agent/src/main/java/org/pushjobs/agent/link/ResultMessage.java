package org.pushjobs.agent.link;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.pushjobs.agent.execution.CommandOutcome;
import org.pushjobs.agent.execution.OutputSpool;
import org.pushjobs.agent.job.JobResult;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.StreamedOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Body frames of results. In protocol 2.0 with the captured output where that fits, without it otherwise; in 2.1 with how
 * the command ended, its output was sent before.
 */
final class ResultMessage {
    private static final Logger LOG = LoggerFactory.getLogger(ResultMessage.class);

    private ResultMessage() {}

    /**
     * In protocol 2.1.
     *
     * @param tailBytes the most that the server takes of the end of what was not captured
     */
    static byte[] extendedBody(JobResult result, MessageWriter writer, int tailBytes) {
        CommandOutcome outcome = result.outcome();
        Ending ending = new Ending(
                outcome.exitStatus(),
                outcome.signal(),
                outcome.timedOut(),
                outcome.output().map(ResultMessage::streamed),
                outcome.tail().map(tail -> tail.last(tailBytes)).filter(tail -> tail.data().length > 0));
        return writer.body(
                AgentEnvelope.EXTENDED_PROTOCOL_VERSION,
                Optional.of(result.jobId()),
                type(outcome, Optional.empty(), Optional.of(ending)));
    }

    private static StreamedOutput streamed(OutputSpool output) {
        return new StreamedOutput(
                output.size(OutputChannel.STDOUT),
                output.size(OutputChannel.STDERR),
                output.droppedBytes(OutputChannel.STDOUT),
                output.droppedBytes(OutputChannel.STDERR));
    }

    /**
     * In protocol 2.0.
     *
     * @param limitBytes of both channels together, and of the whole body
     */
    static byte[] plainBody(JobResult result, MessageWriter writer, int limitBytes) {
        Optional<OutputSpool> captured = result.outcome().output();
        Optional<Output> output = captured.flatMap(spool -> within(limitBytes, spool));
        byte[] body = plainBody(result, writer, output);
        boolean tooLong = body.length > limitBytes;
        if (tooLong || captured.isPresent() && output.isEmpty()) {
            LOG.warn(
                    "captured output is left out, it is too long [job: {}, output: {} bytes, message: {} bytes, limit: {} bytes]",
                    result.jobId(),
                    captured.map(OutputSpool::writtenBytes).orElse(0L),
                    body.length,
                    limitBytes);
        }
        return tooLong ? plainBody(result, writer, Optional.empty()) : body;
    }

    private static Optional<Output> within(int limitBytes, OutputSpool spool) {
        try {
            return spool.within(limitBytes);
        } catch (IOException e) {
            LOG.error("captured output cannot be read [cause: {}]", e.toString());
            return Optional.empty();
        }
    }

    private static byte[] plainBody(JobResult result, MessageWriter writer, Optional<Output> output) {
        return writer.body(
                AgentEnvelope.PROTOCOL_VERSION,
                Optional.of(result.jobId()),
                type(result.outcome(), output, Optional.empty()));
    }

    private static Function<AgentEnvelope, AgentMessage> type(
            CommandOutcome outcome, Optional<Output> output, Optional<Ending> ending) {
        return outcome.succeeded()
                ? envelope -> new AgentMessage.Succeeded(envelope, output, ending)
                : envelope -> new AgentMessage.Failed(envelope, output, ending);
    }
}
