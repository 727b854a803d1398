package org.pushjobs.workstation.remote;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How the server answered a question that was only asked to see the answer.
 *
 * @param status the HTTP status
 * @param ours whether it is a server that answers as ours does
 * @param refusal where the status is no success
 * @param clockAhead how far this machine's clock is ahead of the server's, to about a second; negative when it is behind, empty
 *     when the server does not tell the time
 * @param took until the answer
 */
public record Trial(
        int status,
        boolean ours,
        Optional<RequestRefusedException> refusal,
        Optional<Duration> clockAhead,
        Duration took) {
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    public Trial {
        Objects.requireNonNull(refusal, "refusal");
        Objects.requireNonNull(clockAhead, "clockAhead");
        Objects.requireNonNull(took, "took");
    }

    /** Of {@link PushJobsClient#tryToRead}. */
    public Permission mayRead() {
        return status / 100 == 2 ? Permission.GRANTED : deniedOrUnknown();
    }

    /** Of {@link PushJobsClient#tryToWrite}: that there is no such job is found out after the right to it. */
    public Permission mayWrite() {
        return ours && status == NOT_FOUND ? Permission.GRANTED : deniedOrUnknown();
    }

    private Permission deniedOrUnknown() {
        return status == FORBIDDEN ? Permission.DENIED : Permission.UNKNOWN;
    }
}
