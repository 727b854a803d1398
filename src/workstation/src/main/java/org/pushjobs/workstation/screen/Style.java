package org.pushjobs.workstation.screen;

/** What a text means, in a colour of the terminal's own choice. */
public enum Style {
    GOOD("32"),
    BAD("31"),
    UNSURE("33"),
    PLAIN("");

    private static final String ESCAPE = "\u001b[";

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String on(String text) {
        return code.isEmpty() || text.isEmpty() ? text : ESCAPE + code + "m" + text + ESCAPE + "0m";
    }

    /** Of the state of a job, of a node in a job, or of a node. */
    public static Style ofStatus(String status) {
        return switch (status) {
            case "complete", "succeeded", "available" -> GOOD;
            case "quorum_failed", "crashed", "aborted", "timed_out", "failed", "unavailable", "nacked" -> BAD;
            case "new", "voting", "running", "ready", "was_ready" -> UNSURE;
            default -> PLAIN;
        };
    }
}
