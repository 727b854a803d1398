package org.pushjobs.workstation.job;

import org.pushjobs.workstation.remote.JobDocument;
import org.pushjobs.workstation.remote.ServerFailure;
import org.pushjobs.workstation.screen.OutputFailedException;

/** What the exit status of a command tells scripts (docs/workstation.md, "Exit status"). */
public enum ExitRule {
    /** Of the program under its name {@code knife-push}: 0 or 1, as those of knife's plugin (agent-and-cli.md). */
    KNIFE {
        @Override
        public int of(JobDocument ended) {
            return ended.succeeded() ? SUCCESS : FAILED;
        }

        @Override
        public int of(ServerFailure failure) {
            return FAILED;
        }

        @Override
        int ofUnwritten() {
            return FAILED;
        }
    },
    /** Of the program under any other name. */
    PUSHJOBS {
        @Override
        public int of(JobDocument ended) {
            return switch (ended.status()) {
                case "complete" -> {
                    if (!ended.succeeded()) {
                        yield FAILED;
                    }
                    yield ended.nodes("succeeded").isEmpty() ? NOT_STARTED : SUCCESS;
                }
                case "quorum_failed" -> NOT_STARTED;
                default -> FAILED;
            };
        }

        @Override
        public int of(ServerFailure failure) {
            return failure.temporary() ? NOT_REACHED : REFUSED;
        }

        @Override
        int ofUnwritten() {
            return NOT_WRITTEN;
        }
    };

    static final int SUCCESS = 0;

    /** The command failed on a node, the job was ended before its end, or there was nothing to run. */
    static final int FAILED = 1;

    /** The command ran nowhere. */
    static final int NOT_STARTED = 3;

    static final int REFUSED = 4;

    /** There was no answer, or one that says that the server is away. */
    static final int NOT_REACHED = 5;

    private static final int NOT_WRITTEN = 6;

    /** As of a program that the system ends because nobody reads its output. */
    private static final int NOBODY_READS = 128 + 13;

    private static final String NAME_OF_KNIFE = "knife-push";

    /** @param program the name by which it was called */
    public static ExitRule of(String program) {
        return program.equals(NAME_OF_KNIFE) ? KNIFE : PUSHJOBS;
    }

    /** @param ended a job that has ended */
    public abstract int of(JobDocument ended);

    /** Of a command that did not get what it asked for. */
    public abstract int of(ServerFailure failure);

    /** Of a command whose output was not all written. */
    public int of(OutputFailedException failure) {
        return failure.isReaderGone() ? NOBODY_READS : ofUnwritten();
    }

    abstract int ofUnwritten();
}
