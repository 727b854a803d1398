package org.pushjobs.workstation.job;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.Progress;

/** Puts up with a server that is away for a while, for example because it is restarted. Used by one thread. */
final class Patience {
    /** How long a server may be away. */
    static final Duration LIMIT = Duration.ofMinutes(2);

    private final Progress progress;
    private final InstantSource clock;
    private Optional<Instant> awaySince = Optional.empty();

    Patience(Progress progress, InstantSource clock) {
        this.progress = progress;
        this.clock = clock;
    }

    void answered() {
        if (awaySince.isPresent()) {
            progress.note("The server answers again.");
            awaySince = Optional.empty();
        }
    }

    /** @throws ServerFailure the same, when asking again makes no sense or was done for long enough */
    void failed(ServerFailure failure) throws ServerFailure {
        Instant now = clock.instant();
        if (!failure.temporary()
                || awaySince.filter(since -> since.plus(LIMIT).isBefore(now)).isPresent()) {
            throw failure;
        }
        if (awaySince.isEmpty()) {
            progress.note("No news: " + failure.getMessage().lines().findFirst().orElse("")
                    + "\nThe job goes on without this command; asking again for up to " + LIMIT.toSeconds() + " s.");
            awaySince = Optional.of(now);
        }
    }
}
