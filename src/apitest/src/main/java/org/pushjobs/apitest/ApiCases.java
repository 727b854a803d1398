package org.pushjobs.apitest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.interfaces.RSAPrivateKey;
import java.util.List;
import java.util.Map;
import org.pushjobs.apitest.ApiCase.Extent;
import org.pushjobs.protocol.keys.PemKeys;

/** All cases, in the order in which they are run. */
final class ApiCases {
    static final List<ApiCase> CASES = List.of(
            new ApiCase("the server says that it is there", Extent.SMOKE, ApiCases::status),
            new ApiCase("a request without a signature is refused", Extent.SMOKE, ApiCases::unsigned),
            new ApiCase("a request signed by another key is refused", Extent.SMOKE, ApiCases::otherKey),
            new ApiCase("an agent becomes available", Extent.SMOKE, Bench::requireAgent),
            new ApiCase("a job runs a command on the agent", Extent.SMOKE, ApiCases::succeeds),
            new ApiCase("the agent is among the nodes", Extent.ALL, ApiCases::nodes),
            new ApiCase("variables and a file arrive, and the output comes back", Extent.ALL, ApiCases::output),
            new ApiCase("a command that fails makes its node fail", Extent.ALL, ApiCases::fails),
            new ApiCase("a command that is not in the whitelist is not run", Extent.ALL, ApiCases::notWhitelisted),
            new ApiCase("a job for a node that is away does not begin", Extent.ALL, ApiCases::quorum),
            new ApiCase("a job is aborted", Extent.ALL, ApiCases::abort),
            new ApiCase("a job that takes too long is ended", Extent.ALL, ApiCases::timeout),
            new ApiCase("a job's feed tells its end", Extent.ALL, ApiCases::feed),
            new ApiCase("a job that makes no sense is refused", Extent.ALL, ApiCases::nonsense),
            new ApiCase("an agent that stops becomes unavailable", Extent.ALL, Bench::stopAgent));

    private ApiCases() {}

    private static void status(Bench bench) throws CaseFailure, IOException, InterruptedException {
        bench.api().getUnsigned("/pushy/_status").require(200).json();
    }

    private static void unsigned(Bench bench) throws CaseFailure, IOException, InterruptedException {
        bench.api()
                .getUnsigned("/organizations/" + bench.organisation() + "/pushy/jobs")
                .require(400);
    }

    private static void otherKey(Bench bench) throws CaseFailure, IOException, InterruptedException {
        RSAPrivateKey other = (RSAPrivateKey) PemKeys.generate().getPrivate();
        bench.api().getWith(other, "jobs").require(401);
        bench.api().get("jobs").require(200);
    }

    private static void succeeds(Bench bench) throws CaseFailure, IOException, InterruptedException {
        bench.requireAgent();
        String id = bench.start(bench.job(AgentProcess.SUCCEEDS));
        requireNode(bench, bench.ended(id), "complete", "succeeded");
        for (JsonNode job : bench.api().get("jobs").require(200).json()) {
            if (job.path("id").asText().equals(id)) {
                return;
            }
        }
        throw new CaseFailure("the list of jobs does not have job " + id);
    }

    private static void nodes(Bench bench) throws CaseFailure, IOException, InterruptedException {
        bench.requireAgent();
        JsonNode nodes = bench.api().get("node_states").require(200).json();
        for (JsonNode node : nodes) {
            if (node.path("node_name").asText().equals(bench.node())) {
                return;
            }
        }
        throw new CaseFailure("the list of nodes does not have " + bench.node() + ": " + nodes);
    }

    private static void output(Bench bench) throws CaseFailure, IOException, InterruptedException {
        bench.requireAgent();
        Map<String, Object> job = bench.job(AgentProcess.SUCCEEDS);
        job.put("capture_output", true);
        job.put("env", Map.of("PUSHJOBS_API_TEST", "a variable"));
        job.put("file", "raw:a file");
        String id = bench.start(job);
        requireNode(bench, bench.ended(id), "complete", "succeeded");
        String path = "jobs/" + id + "/output/" + bench.node() + "/stdout";
        String output =
                bench.api().getAs("application/octet-stream", path).require(200).body();
        if (!output.equals("a variable\na file")) {
            throw new CaseFailure("the command's output was to be 'a variable' and 'a file', and it is " + output);
        }
    }

    private static void fails(Bench bench) throws CaseFailure, IOException, InterruptedException {
        bench.requireAgent();
        requireNode(bench, bench.ended(bench.start(bench.job(AgentProcess.FAILS))), "complete", "failed");
    }

    private static void notWhitelisted(Bench bench) throws CaseFailure, IOException, InterruptedException {
        bench.requireAgent();
        String id = bench.start(bench.job("pushjobs-api-test is not whitelisted"));
        requireNode(bench, bench.ended(id), "quorum_failed", "nacked");
    }

    private static void quorum(Bench bench) throws CaseFailure, IOException, InterruptedException {
        bench.requireAgent();
        Map<String, Object> job = bench.job(AgentProcess.SUCCEEDS);
        job.put("nodes", List.of(bench.node(), bench.node() + "-is-away"));
        JsonNode ended = bench.ended(bench.start(job));
        if (!ended.path("status").asText().equals("quorum_failed")
                || !ended.path("nodes").path("unavailable").toString().contains("-is-away")) {
            throw new CaseFailure(
                    "the job was to be quorum_failed, with the node that is away as unavailable: " + ended);
        }
    }

    private static void abort(Bench bench) throws CaseFailure, IOException, InterruptedException {
        bench.requireAgent();
        String id = bench.start(bench.job(AgentProcess.HANGS));
        bench.await(
                "the job to run",
                "jobs/" + id,
                job -> job.path("status").asText().equals("running"));
        int status = bench.api().post("jobs/" + id + "/abort", "{}").status();
        if (status / 100 != 2) {
            throw new CaseFailure("the request to abort the job is answered with status " + status);
        }
        requireNode(bench, bench.ended(id), "aborted", "aborted");
        bench.awaitFreeAgent();
    }

    private static void timeout(Bench bench) throws CaseFailure, IOException, InterruptedException {
        bench.requireAgent();
        Map<String, Object> job = bench.job(AgentProcess.HANGS);
        job.put("run_timeout", 2);
        JsonNode ended = bench.ended(bench.start(job));
        if (!ended.path("status").asText().equals("timed_out")) {
            throw new CaseFailure("the job was to be timed_out, and it is " + ended);
        }
        bench.awaitFreeAgent();
    }

    private static void feed(Bench bench) throws CaseFailure, IOException, InterruptedException {
        bench.requireAgent();
        String id = bench.start(bench.job(AgentProcess.SUCCEEDS));
        bench.ended(id);
        String feed = bench.api()
                .getAs("text/event-stream", "job_status_feed/" + id)
                .require(200)
                .body();
        if (!feed.contains("event: start") || !feed.contains("event: job_complete")) {
            throw new CaseFailure("the feed was to have the events start and job_complete, and it is " + feed);
        }
    }

    private static void nonsense(Bench bench) throws CaseFailure, IOException, InterruptedException {
        bench.api().post("jobs", "{").require(400);
        bench.api().post("jobs", Map.of("command", "x")).require(400);
        bench.api().get("jobs/00000000000000000000000000000000").require(404);
    }

    private static void requireNode(Bench bench, JsonNode job, String status, String group) throws CaseFailure {
        boolean there = false;
        for (JsonNode name : job.path("nodes").path(group)) {
            there |= name.asText().equals(bench.node());
        }
        if (!job.path("status").asText().equals(status) || !there) {
            throw new CaseFailure("the job was to be " + status + " and its node " + group + ", and it is " + job);
        }
    }
}
