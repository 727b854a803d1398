package org.pushjobs.agent.link;

import java.util.Optional;
import java.util.function.Function;
import org.pushjobs.agent.execution.Captured;
import org.pushjobs.agent.job.JobResult;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Output;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Body frames of results: with the captured output where that fits, without it otherwise. */
final class ResultMessage {
    private static final Logger LOG = LoggerFactory.getLogger(ResultMessage.class);

    private ResultMessage() {}

    /** @param limitBytes of both streams together, and of the whole body */
    static byte[] body(JobResult result, MessageWriter writer, int limitBytes) {
        Optional<Captured> captured = result.outcome().captured();
        Optional<Output> output = captured.flatMap(bytes -> bytes.within(limitBytes));
        byte[] body = writer.body(Optional.of(result.jobId()), type(result, output));
        boolean tooLong = body.length > limitBytes;
        if (tooLong || captured.isPresent() && output.isEmpty()) {
            LOG.warn(
                    "captured output is left out, it is too long [job: {}, output: {} bytes, message: {} bytes, limit: {} bytes]",
                    result.jobId(),
                    captured.map(Captured::totalBytes).orElse(0L),
                    body.length,
                    limitBytes);
        }
        return tooLong ? writer.body(Optional.of(result.jobId()), type(result, Optional.empty())) : body;
    }

    private static Function<AgentEnvelope, AgentMessage> type(JobResult result, Optional<Output> output) {
        return result.outcome().succeeded()
                ? envelope -> new AgentMessage.Succeeded(envelope, output)
                : envelope -> new AgentMessage.Failed(envelope, output);
    }
}
