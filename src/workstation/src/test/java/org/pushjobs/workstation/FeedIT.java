package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.workstation.ScriptedServer.Answer;
import org.pushjobs.workstation.ScriptedServer.Received;
import org.pushjobs.workstation.Workstation.Result;

/** {@code job watch}, {@code job start --follow} and {@code job output --follow}. */
class FeedIT {
    private static final String FEED = "text/event-stream";
    private static final String COMPLETE = """
            {"id":"ab12","command":"make report","status":"complete","nodes":{"succeeded":["web-1"],"failed":["web-2"]}}""";
    private static final String RUNNING = """
            {"id":"ab12","command":"make report","status":"running","nodes":{"running":["web-1","web-2"]}}""";

    @TempDir
    private Path directory;

    private Workstation workstation;

    @BeforeEach
    void startServer() {
        workstation = new Workstation(directory);
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    private static String event(int id, String name, String fields) {
        return "event: " + name + "\nid: " + id + "\ndata: {\"timestamp\":\"2026-11-22 11:00:0" + id % 10 + ".000001Z\""
                + (fields.isEmpty() ? "" : "," + fields.replace('\'', '"')) + "}\n\n";
    }

    private static String output(int id, String node, String channel, int offset, String text) {
        String data = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return event(
                id,
                "output",
                "'node':'%s','channel':'%s','offset':%d,'data':'%s'".formatted(node, channel, offset, data));
    }

    private static String[] wholeFeed() {
        return new String[] {
            event(1, "start", "'command':'make report','run_timeout':60,'quorum':1,'node_count':2,'user':'alice'"),
            ":keepalive\n\n",
            event(2, "quorum_vote", "'node':'web-1','status':'success'"),
            event(3, "quorum_vote", "'node':'web-2','status':'lost_availibility'"),
            event(4, "quorum_succeeded", ""),
            event(5, "run_start", "'node':'web-1'"),
            event(6, "rehab", "'node':'web-2'"),
            event(7, "run_complete", "'node':'web-1','status':'success'"),
            event(8, "job_complete", "'status':'complete'")
        };
    }

    /** The events after the one that the request names, and those with output always: what a connection loses is sent again. */
    private static Answer after(Received request, String... events) {
        int last = Integer.parseInt(request.headers().getOrDefault("last-event-id", "0"));
        return Answer.stream(
                FEED,
                Stream.of(events)
                        .filter(event -> event.contains("event: output")
                                || Integer.parseInt(event.replaceFirst("(?s).*\nid: ([0-9]+)\n.*", "$1")) > last)
                        .toArray(String[]::new));
    }

    @Test
    void watchShowsWhatHappensAndTheJobAtItsEnd() {
        // given
        workstation
                .server()
                .answer("GET job_status_feed/ab12", Answer.stream(FEED, wholeFeed()))
                .answer("GET jobs/ab12", 200, COMPLETE);

        // when
        Result result = workstation.run("job", "watch", "ab12");

        // then
        assertThat(result.out()).isEqualTo("""
                        2026-11-22 11:00:01Z  started: make report (nodes: 2, quorum: 1, time-out: 60 s, by: alice)
                        2026-11-22 11:00:02Z  web-1: ready
                        2026-11-22 11:00:03Z  web-2: became unavailable during the vote
                        2026-11-22 11:00:04Z  quorum reached
                        2026-11-22 11:00:05Z  web-1: running
                        2026-11-22 11:00:06Z  web-2: told to abort
                        2026-11-22 11:00:07Z  web-1: succeeded
                        2026-11-22 11:00:08Z  ended: complete
                        id:      ab12
                        command: make report
                        status:  complete
                        nodes:
                          succeeded: web-1
                          failed:    web-2

                        The job is complete; 1 of 2 nodes did not succeed:
                          web-2  failed  the command ended with an error, or the node could not start it
                        """);
        assertThat(result.exitCode()).isOne();
    }

    @Test
    void watchAsJsonIsALineForEachEvent() throws Exception {
        // given
        workstation
                .server()
                .answer("GET job_status_feed/ab12", Answer.stream(FEED, wholeFeed()))
                .answer("GET jobs/ab12", 200, COMPLETE);

        // when
        Result result = workstation.run("job", "watch", "-F", "json", "ab12");

        // then
        assertThat(result.out().lines()).hasSize(8);
        assertThat(new ObjectMapper().readTree(result.out().lines().toList().get(1)))
                .isEqualTo(new ObjectMapper().readTree("""
                                {"event":"quorum_vote","timestamp":"2026-11-22T11:00:02.000001Z","node":"web-1",
                                 "status":"success"}"""));
    }

    @Test
    void watchGoesOnAfterTheLastEventWhenTheConnectionBreaks() {
        // given
        String[] feed = wholeFeed();
        workstation
                .server()
                .answer(
                        "GET job_status_feed/ab12",
                        Answer.stream(FEED, feed[0], feed[2]).thenBroken())
                .answer("GET job_status_feed/ab12", 503, "{\"error\":[\"starting\"]}")
                .answer("GET job_status_feed/ab12", request -> after(request, feed[0], feed[2], feed[3], feed[8]))
                .answer("GET jobs/ab12", 200, COMPLETE);

        // when
        Result result = workstation.run("job", "watch", "ab12");

        // then
        assertThat(result.out().lines().filter(line -> line.startsWith("2026-11-22 11:")))
                .containsExactly(
                        "2026-11-22 11:00:01Z  started: make report (nodes: 2, quorum: 1, time-out: 60 s, by: alice)",
                        "2026-11-22 11:00:02Z  web-1: ready",
                        "2026-11-22 11:00:03Z  web-2: became unavailable during the vote",
                        "2026-11-22 11:00:08Z  ended: complete");
        assertThat(result.out()).contains("No news: ", "The server answers again.");
    }

    @Test
    void feedThatIsClosedEarlyIsOpenedAgainUntilTheJobHasEnded() {
        // given
        String[] feed = wholeFeed();
        workstation
                .server()
                .answer("GET job_status_feed/ab12", Answer.stream(FEED, feed[0]))
                .answer("GET job_status_feed/ab12", Answer.stream(FEED, ":keepalive\n\n"))
                .answer("GET jobs/ab12", 200, RUNNING)
                .answer("GET jobs/ab12", 200, COMPLETE);

        // when
        Result result = workstation.run("job", "watch", "ab12");

        // then
        assertThat(result.out()).contains("status:  complete");
        assertThat(result.exitCode()).isOne();
    }

    @Test
    void watchOfAnUnknownJobIsRefused() {
        // when
        Result result = workstation.run("job", "watch", "ab12");

        // then
        assertThat(result.err()).startsWith("ERROR: the server answered 404: not found");
        assertThat(result.exitCode()).isEqualTo(4);
    }

    @Test
    void followedJobShowsWhatEachNodeWritesOnceAlsoAcrossAReconnect() throws Exception {
        // given
        String[] feed = wholeFeed();
        workstation
                .server()
                .answer("POST jobs", 201, "{\"id\":\"ab12\"}")
                .answer(
                        "GET job_status_feed/ab12",
                        Answer.stream(
                                        FEED,
                                        feed[0],
                                        feed[2],
                                        feed[4],
                                        output(5, "web-1", "stdout", 0, "one\ntw"),
                                        output(6, "web-1", "stderr", 0, "oops\n"))
                                .thenBroken())
                .answer(
                        "GET job_status_feed/ab12",
                        request -> after(
                                request,
                                feed[0],
                                feed[2],
                                feed[4],
                                output(5, "web-1", "stdout", 0, "one\ntw"),
                                output(6, "web-1", "stderr", 0, "oops\n"),
                                output(7, "web-1", "stdout", 4, "two\nthree"),
                                feed[7],
                                feed[8]))
                .answer(
                        "GET jobs/ab12",
                        200,
                        "{\"id\":\"ab12\",\"command\":\"c\",\"status\":\"complete\","
                                + "\"nodes\":{\"succeeded\":[\"web-1\"]}}");

        // when
        Result result = workstation.run("job", "start", "--follow", "make report", "web-1");

        // then
        assertThat(result.out().lines().filter(line -> line.startsWith("web-1 | ")))
                .containsExactly("web-1 | one", "web-1 | two", "web-1 | three");
        assertThat(result.err()).isEqualTo("web-1 | oops\n");
        assertThat(result.out().lines())
                .containsSubsequence(
                        "Voting.",
                        "Running (1/2 in progress) ...",
                        "Running (0/2 in progress) ...",
                        "web-1 | three",
                        "Complete.");
        assertThat(result.exitCode()).isZero();
        Received start = workstation.server().received().getFirst();
        assertThat(new ObjectMapper()
                        .readTree(start.body())
                        .path("capture_output")
                        .asBoolean())
                .isTrue();
        assertThat(workstation.server().received().get(1).uri()).endsWith("/job_status_feed/ab12?output=true");
    }

    @Test
    void longLineIsShownInPiecesAndItsMemoryIsBounded() {
        // given
        String piece = "x".repeat(100_000);
        String[] feed = IntStream.range(0, 3)
                .mapToObj(i -> output(i, "web-1", "stdout", i * 100_000, piece))
                .toArray(String[]::new);
        workstation
                .server()
                .answer("POST jobs", 201, "{\"id\":\"ab12\"}")
                .answer(
                        "GET job_status_feed/ab12",
                        Answer.stream(FEED, feed[0], feed[1], feed[2], event(9, "job_complete", "'status':'complete'")))
                .answer("GET jobs/ab12", 200, COMPLETE);

        // when
        Result result = workstation.run("job", "start", "--follow", "make report", "web-1");

        // then
        assertThat(result.out()
                        .lines()
                        .filter(line -> line.startsWith("web-1 | "))
                        .map(String::length))
                .containsExactly(65_544, 65_544, 65_544, 65_544, 300_000 - 4 * 65_536 + 8);
    }

    @Test
    void outputIsFollowedFromWhereTheConnectionBroke() {
        // given
        String content = "one\ntwo\nthree";
        workstation
                .server()
                .answer("GET jobs/ab12", 200, RUNNING)
                .answer(
                        "GET jobs/ab12/output/web-1/stdout",
                        Answer.stream("application/octet-stream", "one\n", "tw").thenBroken())
                .answer(
                        "GET jobs/ab12/output/web-1/stdout",
                        request -> Answer.stream(
                                "application/octet-stream",
                                content.substring(Integer.parseInt(request.uri().replaceFirst(".*&offset=", "")))));

        // when
        Result result = workstation.run("job", "output", "--follow", "ab12", "web-1");

        // then
        assertThat(result.out()).isEqualTo("one\ntwo\nthree");
        assertThat(result.exitCode()).isZero();
        assertThat(workstation.server().received().stream()
                        .map(Received::uri)
                        .filter(uri -> uri.contains("output"))
                        .findFirst())
                .contains("/organizations/acme/pushy/jobs/ab12/output/web-1/stdout?follow=true&offset=0");
    }

    @Test
    void serverThatCannotStreamIsAskedUntilTheOutputIsThere() {
        // given
        workstation
                .server()
                .answer("GET jobs/ab12", 200, RUNNING)
                .answer("GET jobs/ab12", 200, RUNNING)
                .answer("GET jobs/ab12", 200, COMPLETE)
                .answer("GET jobs/ab12/output/web-1/stdout", 404, "")
                .answer("GET jobs/ab12/output/web-1/stdout", 404, "")
                .answer("GET jobs/ab12/output/web-1/stdout", Answer.stream("application/octet-stream", "all of it"));

        // when
        Result result = workstation.run("job", "output", "--follow", "ab12", "web-1");

        // then
        assertThat(result.out()).isEqualTo("all of it");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void followedOutputThatNeverWasIsRefusedWhenTheJobHasEnded() {
        // given
        workstation
                .server()
                .answer("GET jobs/ab12", 200, RUNNING)
                .answer("GET jobs/ab12", 200, COMPLETE)
                .answer("GET jobs/ab12/output/web-1/stdout", 404, "{\"error\":[\"none\"]}");

        // when
        Result result = workstation.run("job", "output", "--follow", "ab12", "web-1");

        // then
        assertThat(result.err()).startsWith("ERROR: the server answered 404: none\nThere is no output when");
        assertThat(result.exitCode()).isEqualTo(4);
    }
}
