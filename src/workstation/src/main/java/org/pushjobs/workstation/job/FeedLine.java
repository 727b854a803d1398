package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import com.fasterxml.jackson.databind.JsonNode;
import org.pushjobs.workstation.remote.FeedEvent;

/** An event of a job's feed as a line for people. */
final class FeedLine {
    private static final int TO_THE_SECOND = "2026-11-22 11:00:00".length();

    private FeedLine() {}

    static String of(FeedEvent event) {
        String at = event.data().path("timestamp").asText();
        return (at.length() > TO_THE_SECOND ? printable(at.substring(0, TO_THE_SECOND)) + "Z  " : "") + text(event);
    }

    private static String text(FeedEvent event) {
        JsonNode data = event.data();
        String node = printable(data.path("node").asText());
        return switch (event.name()) {
            case "start" ->
                "started: " + printable(data.path("command").asText()) + " (nodes: " + number(data, "node_count")
                        + ", quorum: " + number(data, "quorum") + ", time-out: " + number(data, "run_timeout")
                        + " s, by: " + printable(data.path("user").asText()) + ")";
            case "quorum_vote" -> node + ": " + vote(data.path("status").asText());
            case "quorum_succeeded" -> "quorum reached";
            case "run_start" -> node + ": running";
            case "run_complete" -> node + ": " + outcome(data.path("status").asText());
            case "rehab" -> node + ": told to abort";
            case "job_complete", "summary" ->
                "ended: " + printable(data.path("status").asText());
            default -> printable(event.name() + " " + data);
        };
    }

    private static String number(JsonNode data, String field) {
        return data.path(field).isNumber() ? data.get(field).asText() : "?";
    }

    private static String vote(String status) {
        return switch (status) {
            case "success" -> "ready";
            case "failure" -> "refused";
            case "down" -> "down";
            case "voting_timeout" -> "no vote in time";
            // So it is spelt in the protocol.
            case "lost_availibility" -> "became unavailable during the vote";
            case "client_died_while_voting" -> "agent ended during the vote";
            case "unexpected_commit" -> "voted for something else";
            default -> printable(status);
        };
    }

    private static String outcome(String status) {
        return switch (status) {
            case "success" -> "succeeded";
            case "failure" -> "failed";
            case "crashed" -> "crashed";
            case "run_nacked" -> "refused to run";
            case "run_nacked_while_running" -> "refused while it ran";
            case "client_died_while_running" -> "agent ended while it ran";
            default -> printable(status);
        };
    }
}
