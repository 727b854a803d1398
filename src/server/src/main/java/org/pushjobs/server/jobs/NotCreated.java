package org.pushjobs.server.jobs;

import org.pushjobs.server.ServerException;

/** What somebody is told who asked for a job that he does not get. */
final class NotCreated {
    private NotCreated() {}

    /** It is certain that the job does not run and will not. */
    static ServerException forNow(String reason) {
        return ServerException.unavailable("the job was not started: " + reason + "; try again later");
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
}
