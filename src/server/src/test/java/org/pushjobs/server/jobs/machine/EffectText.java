package org.pushjobs.server.jobs.machine;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes effects, in their order, as short text: what the tables of these tests compare. */
final class EffectText {
    private EffectText() {}

    static String of(List<JobEffect> effects) {
        return effects.stream().map(EffectText::of).collect(Collectors.joining("; "));
    }

    private static String of(JobEffect effect) {
        return switch (effect) {
            case JobEffect.SetJobStatus(var status) -> "job is " + status.label();
            case JobEffect.SetNodeStatus(var node, var status, var _) -> node + " is " + status.label();
            case JobEffect.KeepOutput(var node, var _) -> "keep output of " + node;
            case JobEffect.MissOutput(var node) -> "no output of " + node;
            case JobEffect.NoteRefusal(var node, var reason) -> node + " refuses: " + reason.word();
            case JobEffect.NoteEnding(var node, var ending) -> node + " ended with " + ending.exitCode();
            case JobEffect.AckResult(var node) -> "ack result of " + node;
            case JobEffect.NoteAbort(var by) -> "abort by " + by;
            case JobEffect.Emit(var event) -> of(event);
            case JobEffect.SendCommit(var nodes) -> "send commit " + nodes;
            case JobEffect.SendRun(var nodes) -> "send run " + nodes;
            case JobEffect.SendAbort(var nodes) -> "send abort " + nodes;
            case JobEffect.Rehabilitate(var node) -> "rehabilitate " + node;
            case JobEffect.StartVotingTimer() -> "voting timer";
            case JobEffect.StartRunTimer() -> "run timer";
            case JobEffect.StartAbortTimer() -> "abort timer";
            case JobEffect.End() -> "end";
        };
    }

    private static String of(FeedEvent event) {
        return switch (event) {
            case FeedEvent.Start() -> "start";
            case FeedEvent.QuorumVote(var node, var vote) -> "quorum_vote " + node + " " + vote.label();
            case FeedEvent.QuorumSucceeded() -> "quorum_succeeded";
            case FeedEvent.RunStart(var node) -> "run_start " + node;
            case FeedEvent.RunComplete(var node, var result) -> "run_complete " + node + " " + result.label();
            case FeedEvent.Rehab(var node) -> "rehab " + node;
            case FeedEvent.JobComplete(var status) ->
                "job_complete " + status.name().toLowerCase(Locale.ROOT);
        };
    }
}
