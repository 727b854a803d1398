package org.pushjobs.server.jobs;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.jobs.machine.FeedEvent;

/** Names and data of feed events as rest-api.md, "Event feeds", lists them; the timestamp is added by the feed. */
final class FeedEventData {
    private FeedEventData() {}

    static String name(FeedEvent event) {
        return switch (event) {
            case FeedEvent.Start _ -> "start";
            case FeedEvent.QuorumVote _ -> "quorum_vote";
            case FeedEvent.QuorumSucceeded _ -> "quorum_succeeded";
            case FeedEvent.RunStart _ -> "run_start";
            case FeedEvent.RunComplete _ -> "run_complete";
            case FeedEvent.Rehab _ -> "rehab";
            case FeedEvent.JobComplete _ -> "job_complete";
        };
    }

    static JsonObject data(FeedEvent event, LiveJob job) {
        return switch (event) {
            case FeedEvent.Start _ -> start(job);
            case FeedEvent.QuorumVote(String node, FeedEvent.Vote status) ->
                new JsonObject().put("node", node).put("status", status.label());
            case FeedEvent.QuorumSucceeded _ -> new JsonObject();
            case FeedEvent.RunStart(String node) -> new JsonObject().put("node", node);
            case FeedEvent.RunComplete(String node, FeedEvent.RunResult status) ->
                new JsonObject().put("node", node).put("status", status.label());
            case FeedEvent.Rehab(String node) -> new JsonObject().put("node", node);
            case FeedEvent.JobComplete(var status) -> new JsonObject().put("status", status.label());
        };
    }

    private static JsonObject start(LiveJob job) {
        JobSpec spec = job.terms().spec();
        JsonObject data = new JsonObject()
                .put("command", spec.command())
                .put("run_timeout", job.terms().runTimeoutSeconds())
                .put("quorum", job.terms().quorum())
                .put("node_count", job.machine().nodes().size())
                .put("user", job.requestor());
        spec.user().ifPresent(user -> data.put("job_user", user));
        spec.dir().ifPresent(dir -> data.put("dir", dir));
        spec.env().ifPresent(env -> data.put("env", new JsonObject(Map.copyOf(env))));
        if (spec.file().isPresent()) {
            data.put("file_specified", true);
        }
        if (spec.capture()) {
            data.put("capture", true);
        }
        return data;
    }
}
