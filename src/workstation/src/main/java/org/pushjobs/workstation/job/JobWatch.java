package org.pushjobs.workstation.job;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.Progress;

/**
 * Asks for a job until it has ended. The first questions come quickly, so that a short job is seen at once; the time between
 * them doubles up to the interval that was asked for. A server that is away for a while, for example because it is
 * restarted, is asked again for up to {@link #PATIENCE}. Used by one thread.
 */
final class JobWatch {
    /** How long a server may be away. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration FIRST_DELAY = Duration.ofMillis(100);

    private final PushJobsClient client;
    private final Progress progress;
    private final InstantSource clock;
    private final Pause pause;
    private final Duration interval;
    private Optional<Instant> awaySince = Optional.empty();

    JobWatch(PushJobsClient client, Progress progress, InstantSource clock, Pause pause, Duration interval) {
        this.client = client;
        this.progress = progress;
        this.clock = clock;
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
            if (awaySince.isPresent()) {
                progress.note("The server answers again.");
                awaySince = Optional.empty();
            }
            return Optional.of(job);
        } catch (ServerFailure failure) {
            Instant now = clock.instant();
            if (!failure.temporary()
                    || awaySince
                            .filter(since -> since.plus(PATIENCE).isBefore(now))
                            .isPresent()) {
                throw failure;
            }
            if (awaySince.isEmpty()) {
                progress.note(
                        "No news: " + failure.getMessage().lines().findFirst().orElse("")
                                + "\nThe job goes on without this command; asking again for up to "
                                + PATIENCE.toSeconds() + " s.");
                awaySince = Optional.of(now);
            }
            return Optional.empty();
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
