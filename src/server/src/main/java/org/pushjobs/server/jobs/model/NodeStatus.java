package org.pushjobs.server.jobs.model;

/** States of a node within a job, with their code in the database (storage.md) and their name in the API. */
public enum NodeStatus {
    NEW(0, "new", false),
    READY(1, "ready", false),
    RUNNING(2, "running", false),
    SUCCEEDED(3, "succeeded", true),
    FAILED(4, "failed", true),
    ABORTED(5, "aborted", true),
    UNAVAILABLE(6, "unavailable", true),
    NACKED(7, "nacked", true),
    /** In the original's code list but never written by it. */
    FAULTY(8, "faulty", true),
    WAS_READY(9, "was_ready", true),
    CRASHED(10, "crashed", true),
    TIMED_OUT(11, "timed_out", true);

    private final int code;
    private final String label;
    private final boolean terminal;

    NodeStatus(int code, String label, boolean terminal) {
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

    /** Whether the node's part in the job has ended; it never changes again. */
    public boolean isTerminal() {
        return terminal;
    }

    /** @throws IllegalArgumentException when no status has this code */
    public static NodeStatus ofCode(int code) {
        for (NodeStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        throw new IllegalArgumentException("no node status has the code " + code);
    }
}
