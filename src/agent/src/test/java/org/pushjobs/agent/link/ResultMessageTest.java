package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.execution.CommandOutcome;
import org.pushjobs.agent.execution.Spools;
import org.pushjobs.agent.job.JobResult;
import org.pushjobs.protocol.codec.AgentMessageCodec;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.AgentMessage.Failed;
import org.pushjobs.protocol.message.AgentMessage.Succeeded;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.protocol.message.StreamedOutput;

class ResultMessageTest {
    private static final int LIMIT_BYTES = 1000;

    @TempDir
    private Path directory;

    private final MessageWriter writer = new MessageWriter("web-1", "acme", "host", Clock.systemUTC());

    private JobResult result(int exitStatus, String stdout, String stderr) throws IOException {
        return new JobResult(
                "job-1",
                new CommandOutcome(
                        exitStatus, false, Optional.of(Spools.sealed(directory, LIMIT_BYTES, stdout, stderr))));
    }

    private AgentMessage plain(int exitStatus, String stdout, String stderr) throws Exception {
        byte[] body = ResultMessage.plainBody(result(exitStatus, stdout, stderr), writer, LIMIT_BYTES);
        assertThat(body.length).isLessThanOrEqualTo(LIMIT_BYTES);
        return AgentMessageCodec.decode(body);
    }

    @Test
    void outputThatFitsIsSent() throws Exception {
        assertThat(plain(0, "out", "err"))
                .isInstanceOfSatisfying(
                        Succeeded.class, message -> assertThat(message.output()).contains(new Output("out", "err")));
        assertThat(plain(1, "", ""))
                .isInstanceOfSatisfying(
                        Failed.class, message -> assertThat(message.output()).contains(new Output("", "")));
    }

    @Test
    void outputThatIsTooLongTogetherIsLeftOut() throws Exception {
        assertThat(plain(0, "x".repeat(500), "y".repeat(501)))
                .isInstanceOfSatisfying(
                        Succeeded.class, message -> assertThat(message.output()).isEmpty());
    }

    @Test
    void outputThatIsLongerThanItsSpoolIsLeftOut() throws Exception {
        assertThat(plain(0, "x".repeat(LIMIT_BYTES + 1), ""))
                .isInstanceOfSatisfying(
                        Succeeded.class, message -> assertThat(message.output()).isEmpty());
    }

    @Test
    void outputThatGrowsTooLongAsJsonIsLeftOut() throws Exception {
        assertThat(plain(143, "\0".repeat(200), "")).isInstanceOfSatisfying(Failed.class, message -> {
            assertThat(message.output()).isEmpty();
            assertThat(message.jobId()).contains("job-1");
        });
    }

    @Test
    void resultWithoutCaptureHasNoOutput() throws Exception {
        JobResult quiet = new JobResult("job-1", new CommandOutcome(0, false, Optional.empty()));

        assertThat(AgentMessageCodec.decode(ResultMessage.plainBody(quiet, writer, LIMIT_BYTES)))
                .isInstanceOfSatisfying(
                        Succeeded.class, message -> assertThat(message.output()).isEmpty());
        assertThat(AgentMessageCodec.decode(ResultMessage.extendedBody(quiet, writer, 4096)))
                .isInstanceOfSatisfying(
                        Succeeded.class, message -> assertThat(message.ending()).contains(Ending.ofExitCode(0)));
    }

    @Test
    void plainResultSaysNothingOfProtocol21() throws Exception {
        JobResult result = new JobResult("job-1", new CommandOutcome(143, true, Optional.empty()));

        assertThat(new String(ResultMessage.plainBody(result, writer, LIMIT_BYTES), StandardCharsets.UTF_8))
                .contains("\"protocol_version\":\"2.0\"")
                .doesNotContain("exit_code", "signal", "timed_out");
    }

    @Test
    void extendedResultSaysHowTheCommandEndedAndWhatBecameOfItsOutput() throws Exception {
        String notice = "\n[push jobs: output cut off here, 500 more bytes were written]\n";
        JobResult result = new JobResult(
                "job-1",
                new CommandOutcome(
                        143, true, Optional.of(Spools.sealed(directory, LIMIT_BYTES, "x".repeat(1500), "err"))));

        assertThat(AgentMessageCodec.decode(ResultMessage.extendedBody(result, writer, 4096)))
                .isInstanceOfSatisfying(Failed.class, message -> {
                    assertThat(message.output()).isEmpty();
                    assertThat(message.ending())
                            .contains(new Ending(
                                    143,
                                    Optional.of("TERM"),
                                    true,
                                    Optional.of(new StreamedOutput(LIMIT_BYTES + notice.length(), 3, 500, 0))));
                });
    }

    private static JobResult failed(String tail) {
        return new JobResult(
                "job-1",
                new CommandOutcome(
                        1,
                        false,
                        Optional.empty(),
                        Optional.of(new OutputTail(7, tail.getBytes(StandardCharsets.UTF_8)))));
    }

    private Optional<OutputTail> sentTail(JobResult result, int mostBytes) throws Exception {
        Failed message = (Failed) AgentMessageCodec.decode(ResultMessage.extendedBody(result, writer, mostBytes));
        return message.ending().orElseThrow().tail();
    }

    @Test
    void lastOfTheOutputIsSentToAServerThatTakesItAndNoMoreThanItTakes() throws Exception {
        assertThat(sentTail(failed("secret"), 4096))
                .isEqualTo(failed("secret").outcome().tail());
        assertThat(sentTail(failed("secret"), 3)).contains(new OutputTail(10, "ret".getBytes(StandardCharsets.UTF_8)));
        assertThat(sentTail(failed("secret"), 0)).isEmpty();
    }

    @Test
    void serverThatTakesNoTailOrSpeaksProtocol20IsToldNothingOfIt() {
        assertThat(new String(ResultMessage.extendedBody(failed("secret"), writer, 0), StandardCharsets.UTF_8))
                .doesNotContain("output_tail");
        assertThat(new String(ResultMessage.plainBody(failed("secret"), writer, LIMIT_BYTES), StandardCharsets.UTF_8))
                .doesNotContain("output_tail");
    }
}
