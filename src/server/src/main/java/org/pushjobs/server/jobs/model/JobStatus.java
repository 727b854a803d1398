package org.pushjobs.server.jobs.model;

/** States of a job, with their code in the database (storage.md) and their name in the API (rest-api.md). */
public enum JobStatus {
    NEW(5, "new", false),
    VOTING(0, "voting", false),
    RUNNING(1, "running", false),
    COMPLETE(2, "complete", true),
    QUORUM_FAILED(3, "quorum_failed", true),
    ABORTED(4, "aborted", true),
    TIMED_OUT(6, "timed_out", true),
    CRASHED(7, "crashed", true);

    private final int code;
    private final String label;
    private final boolean terminal;

    JobStatus(int code, String label, boolean terminal) {
        this.code = code;
        this.label = label;
        this.terminal = terminal;
    }

    public int code() {
        return code;
    }

    /** Name in the API. */
    public String label() {
        return label;
    }

    /** Whether the job has ended. */
    public boolean isTerminal() {
        return terminal;
    }

    /** @throws IllegalArgumentException when no status has this code */
    public static JobStatus ofCode(int code) {
        for (JobStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        throw new IllegalArgumentException("no job status has the code " + code);
    }
}
