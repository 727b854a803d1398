package org.pushjobs.server.jobs;

import java.util.List;
import java.util.stream.Collectors;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.nodes.TooLarge;

/** What somebody is told who asked for a job that he does not get. */
final class NotCreated {
    private static final int MOST_NAMES = 10;

    private NotCreated() {}

    /** It is certain that the job does not run and will not. */
    static ServerException forNow(String reason) {
        return ServerException.unavailable("the job was not started: " + reason + "; try again later");
    }

    /** It is certain that the job does not run, and what has to change. */
    static ServerException tooLarge(List<TooLarge> refusing) {
        int bytes = refusing.stream().mapToInt(TooLarge::commitBytes).max().orElseThrow();
        int limit = refusing.stream().mapToInt(TooLarge::limitBytes).min().orElseThrow();
        String nodes = refusing.stream().limit(MOST_NAMES).map(TooLarge::node).collect(Collectors.joining(", "));
        String others = refusing.size() > MOST_NAMES ? " and " + (refusing.size() - MOST_NAMES) + " more" : "";
        return new ServerException(
                413,
                "the job was not started: command, env and file make a message of " + bytes
                        + " bytes, and some agents take at most " + limit + ": " + nodes + others
                        + ". Make them smaller, leave these nodes out, or raise max_body_size of the server");
    }

    /** The same, and to send it again would not help. */
    static ServerException refused(Throwable cause) {
        return new ServerException(500, "the job was not started: the database refused it: " + cause.getMessage());
    }

    /** The database may have the job, and has not said so. */
    static ServerException unknown(String jobId) {
        return ServerException.unavailable("it is not known whether the job was started: the database does not answer."
                + " The server ends it as soon as it does, without a command to any node. Ask for it by its id, "
                + jobId
                + ", before you send the request again, or send it with an Idempotency-Key");
    }

    /** The same, and nobody here will hear of it: the next coordinator goes on with the job if it is there. */
    static ServerException leftBehind(String jobId) {
        return ServerException.unavailable(
                "it is not known whether the job was started: the coordinator ends before the"
                        + " database has said so. Ask for it by its id, "
                        + jobId
                        + ", before you send the request again, or send it with an Idempotency-Key");
    }
}
