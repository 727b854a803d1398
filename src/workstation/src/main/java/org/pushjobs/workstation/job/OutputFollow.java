package org.pushjobs.workstation.job;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import org.pushjobs.workstation.remote.AnswerStream;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.OutputChannel;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.RequestRefusedException;
import org.pushjobs.workstation.remote.ServerFailure;

/**
 * What a command writes on one node while it writes it, byte for byte. A server that cannot stream is asked for the output
 * again and again until the job has ended. Used by one thread.
 */
final class OutputFollow {
    /** A command may be silent for long; asking again after this finds out whether the server is still there. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);

    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final int NOT_FOUND = 404;

    private final PushJobsClient client;
    private final Patience patience;
    private final Pause pause;
    private final PrintStream out;
    private long bytesWritten;

    OutputFollow(PushJobsClient client, Patience patience, Pause pause, PrintStream out) {
        this.client = client;
        this.patience = patience;
        this.pause = pause;
        this.out = out;
    }

    /** @throws ServerFailure when there is no such output, or the server is away for too long */
    void untilEnded(String id, String node, OutputChannel channel) throws ServerFailure, InterruptedException {
        while (true) {
            boolean ended = hasEnded(id);
            try (AnswerStream answer = client.followOutput(id, node, channel, bytesWritten)) {
                patience.answered();
                copy(answer);
                return;
            } catch (RequestRefusedException e) {
                // Not there yet says the original server, which does not stream.
                if (e.status() != NOT_FOUND || ended) {
                    patience.failed(e);
                }
            } catch (ServerFailure e) {
                patience.failed(e);
            }
            pause.sleep(DELAY);
        }
    }

    private boolean hasEnded(String id) throws ServerFailure, InterruptedException {
        try {
            JobDocument job = client.job(id);
            return job.ended();
        } catch (ServerFailure e) {
            patience.failed(e);
            return false;
        }
    }

    private void copy(AnswerStream answer) throws ServerFailure, InterruptedException {
        for (Optional<byte[]> bytes = answer.next(LONGEST_SILENCE);
                bytes.isPresent();
                bytes = answer.next(LONGEST_SILENCE)) {
            out.writeBytes(bytes.get());
            out.flush();
            bytesWritten += bytes.get().length;
        }
    }
}
