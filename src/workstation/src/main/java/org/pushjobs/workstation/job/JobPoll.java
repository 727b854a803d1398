package org.pushjobs.workstation.job;

import java.time.Duration;
import java.util.Optional;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.Progress;

/**
 * Asks for a job until it has ended. The first questions come quickly, so that a short job is seen at once; the time between
 * them doubles up to the interval that was asked for. Used by one thread.
 */
final class JobPoll {
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);

    private final PushJobsClient client;
    private final Progress progress;
    private final Patience patience;
    private final Pause pause;
    private final Duration interval;

    JobPoll(PushJobsClient client, Progress progress, Patience patience, Pause pause, Duration interval) {
        this.client = client;
        this.progress = progress;
        this.patience = patience;
        this.pause = pause;
        this.interval = interval;
    }

    /** @throws ServerFailure when the server refuses to tell, or is away for too long; the job goes on all the same */
    JobDocument untilEnded(String id) throws ServerFailure, InterruptedException {
        Duration delay = shorter(FIRST_DELAY, interval);
        while (true) {
            pause.sleep(delay);
            Optional<JobDocument> job = ask(id);
            job.flatMap(ProgressLine::of).ifPresent(progress::show);
            if (job.isPresent() && job.get().ended()) {
                return job.get();
            }
            delay = shorter(delay.multipliedBy(2), interval);
        }
    }

    private Optional<JobDocument> ask(String id) throws ServerFailure, InterruptedException {
        try {
            JobDocument job = client.job(id);
            patience.answered();
            return Optional.of(job);
        } catch (ServerFailure failure) {
            patience.failed(failure);
            return Optional.empty();
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
