package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushjobs.agent.execution.Captured;
import org.pushjobs.agent.execution.CommandOutcome;
import org.pushjobs.agent.job.JobResult;
import org.pushjobs.protocol.codec.AgentMessageCodec;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.AgentMessage.Failed;
import org.pushjobs.protocol.message.AgentMessage.Succeeded;
import org.pushjobs.protocol.message.Output;

class ResultMessageTest {
    private static final int LIMIT_BYTES = 1000;

    private final MessageWriter writer = new MessageWriter("web-1", "acme", "host", Clock.systemUTC());

    private AgentMessage message(int exitStatus, Captured captured) throws Exception {
        JobResult result = new JobResult("job-1", new CommandOutcome(exitStatus, Optional.of(captured)));
        byte[] body = ResultMessage.body(result, writer, LIMIT_BYTES);
        assertThat(body.length).isLessThanOrEqualTo(LIMIT_BYTES);
        return AgentMessageCodec.decode(body);
    }

    private static Captured captured(String stdout, String stderr) {
        byte[] out = stdout.getBytes(StandardCharsets.UTF_8);
        byte[] err = stderr.getBytes(StandardCharsets.UTF_8);
        return new Captured(out, err, out.length + err.length);
    }

    @Test
    void outputThatFitsIsSent() throws Exception {
        assertThat(message(0, captured("out", "err")))
                .isInstanceOfSatisfying(
                        Succeeded.class, message -> assertThat(message.output()).contains(new Output("out", "err")));
        assertThat(message(1, captured("", "")))
                .isInstanceOfSatisfying(
                        Failed.class, message -> assertThat(message.output()).contains(new Output("", "")));
    }

    @Test
    void outputThatIsTooLongTogetherIsLeftOut() throws Exception {
        assertThat(message(0, captured("x".repeat(500), "y".repeat(501))))
                .isInstanceOfSatisfying(
                        Succeeded.class, message -> assertThat(message.output()).isEmpty());
    }

    @Test
    void outputThatGrowsTooLongAsJsonIsLeftOut() throws Exception {
        assertThat(message(143, captured("\0".repeat(200), ""))).isInstanceOfSatisfying(Failed.class, message -> {
            assertThat(message.output()).isEmpty();
            assertThat(message.jobId()).contains("job-1");
        });
    }

    @Test
    void resultWithoutCaptureHasNoOutput() throws Exception {
        byte[] body = ResultMessage.body(
                new JobResult("job-1", new CommandOutcome(0, Optional.empty())), writer, LIMIT_BYTES);

        assertThat(AgentMessageCodec.decode(body))
                .isInstanceOfSatisfying(
                        Succeeded.class, message -> assertThat(message.output()).isEmpty());
    }
}
