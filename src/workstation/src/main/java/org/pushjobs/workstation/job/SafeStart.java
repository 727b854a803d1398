package org.pushjobs.workstation.job;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.pushjobs.workstation.remote.JobRequest;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.RequestRefusedException;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.remote.ServerUnreachableException;
import org.pushjobs.workstation.remote.StartedJob;

/**
 * Starts one job at most, and asks again when the answer was lost or the server says that it is not ready. All requests have the
 * same {@code Idempotency-Key}; when it is not known whether the first one arrived, it is sent again only to a server that knows
 * what that means. Used by one thread, for one job.
 */
final class SafeStart {
    /** From the first request to the last one. */
    static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);
    private static final int UNAVAILABLE = 503;

    private final PushJobsClient client;
    private final PrintStream err;
    private final InstantSource clock;
    private final Pause pause;
    private final String key = UUID.randomUUID().toString();
    private Optional<ServerFailure> doubt = Optional.empty();
    private boolean said;

    SafeStart(PushJobsClient client, PrintStream err, InstantSource clock, Pause pause) {
        this.client = client;
        this.err = err;
        this.clock = clock;
        this.pause = pause;
    }

    /** Whether a request may have arrived and started the job, although none was answered. */
    boolean isInDoubt() {
        return doubt.isPresent();
    }

    /** @throws ServerFailure when the server refuses, is away for too long, or may have started the job and cannot tell */
    StartedJob start(JobRequest request) throws ServerFailure, InterruptedException {
        Instant giveUpAt = clock.instant().plus(LIMIT);
        while (true) {
            try {
                if (doubt.isPresent() && !client.isOurs()) {
                    break;
                }
                return client.start(request, key);
            } catch (ServerFailure failure) {
                if (failure instanceof ServerUnreachableException lost && lost.mayHaveArrived()) {
                    doubt = doubt.or(() -> Optional.of(lost));
                }
                Duration wait = waitBefore(failure);
                if (clock.instant().plus(wait).isAfter(giveUpAt)) {
                    throw failure;
                }
                sayOnce(failure);
                pause.sleep(wait);
            }
        }
        throw doubt.orElseThrow();
    }

    private Duration waitBefore(ServerFailure failure) throws ServerFailure {
        Optional<Duration> asked = failure instanceof RequestRefusedException refused && refused.status() == UNAVAILABLE
                ? refused.retryAfter()
                : Optional.empty();
        if (asked.isPresent()) {
            return asked.get().compareTo(DELAY) < 0
                    ? DELAY
                    : asked.get().compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : asked.get();
        }
        if (doubt.isPresent() && failure.temporary()) {
            return DELAY;
        }
        throw failure;
    }

    private void sayOnce(ServerFailure failure) {
        if (!said) {
            said = true;
            err.println("The start is not confirmed: "
                    + failure.getMessage().lines().findFirst().orElse("") + "\nTrying again for up to "
                    + LIMIT.toSeconds() + " s; the job is started once at most.");
        }
    }
}
