package org.pushjobs.server.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.OrgEventRow;

class FeedEventsTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.000006Z");

    @Test
    void eventOfAJobIsNameIdAndDataWithTheTimestampFirst() {
        // given
        EventRow vote = new EventRow(
                7, "quorum_vote", AT, new JsonObject().put("node", "web-1").put("status", "down"));

        // then
        assertThat(FeedEvents.ofJob(6, List.of(vote))).singleElement().satisfies(chunk -> {
            assertThat(text(chunk)).isEqualTo("""
                    event: quorum_vote
                    id: 7
                    data: {"timestamp":"2026-01-02 03:04:05.000006Z","node":"web-1","status":"down"}

                    """);
            assertThat(chunk.after()).isEqualTo(6);
            assertThat(chunk.last()).isEqualTo(7);
            assertThat(chunk.ends()).isFalse();
        });
    }

    @Test
    void eventOfAnOrganisationHasTheJobFirst() {
        // given
        OrgEventRow end = new OrgEventRow("abc", "job_complete", AT, new JsonObject().put("status", "complete"));

        // then
        assertThat(FeedEvents.ofOrganisation(1, List.of(end))).singleElement().satisfies(chunk -> {
            assertThat(text(chunk)).isEqualTo("""
                    event: job_complete
                    id: 1767323045000006
                    data: {"job":"abc","timestamp":"2026-01-02 03:04:05.000006Z","status":"complete"}

                    """);
            assertThat(FeedEvents.instant(chunk.last())).isEqualTo(AT);
            assertThat(chunk.ends()).isFalse();
        });
    }

    @Test
    void lineBreaksInDataStayInOneLine() {
        // given
        EventRow start = new EventRow(1, "start", AT, new JsonObject().put("command", "a\r\n\n:b\u2028"));

        // then
        assertThat(text(FeedEvents.ofJob(0, List.of(start)).getFirst()).split("\n|\r"))
                .hasSize(3);
    }

    @Test
    void endOfAJobHasAChunkOfItsOwnSoThatOutputFitsBetweenItAndTheStart() {
        // given
        EventRow start = new EventRow(1, "start", AT, new JsonObject());
        EventRow end = new EventRow(2, "job_complete", AT.plusSeconds(1), new JsonObject());

        // when
        List<FeedChunk> chunks = FeedEvents.ofJob(0, List.of(start, end));

        // then
        assertThat(chunks).extracting(FeedChunk::last).containsExactly(1L, 2L);
        assertThat(chunks).extracting(FeedChunk::ends).containsExactly(false, true);
    }

    @Test
    void timesRiseAfterWhatWasSentBefore() {
        // given
        EventRow vote = new EventRow(2, "quorum_vote", AT, new JsonObject().put("node", "\"timestamp\":\""));
        EventRow quorum = new EventRow(3, "quorum_succeeded", AT.plusNanos(1_000), new JsonObject());
        EventRow run = new EventRow(4, "run_start", AT.plusSeconds(1), new JsonObject().put("node", "web-1"));
        FeedChunk chunk = FeedEvents.ofJob(1, List.of(vote, quorum, run)).getFirst();
        String rendered = text(chunk);
        RisingTime early = new RisingTime();
        early.next(AT.minusNanos(1_000));
        RisingTime late = new RisingTime();
        late.next(AT.plusNanos(5_999));

        // when
        String unchanged = chunk.bytes(early).toString(StandardCharsets.UTF_8);
        String later = chunk.bytes(late).toString(StandardCharsets.UTF_8);

        // then
        assertThat(unchanged).isEqualTo(rendered);
        assertThat(later).isEqualTo(rendered.replace("05.000006Z", "05.000012Z").replace("05.000007Z", "05.000013Z"));
        assertThat(text(chunk)).isEqualTo(rendered);
        assertThat(late.next(AT)).isEqualTo(AT.plusSeconds(1).plusNanos(1_000));
        assertThat(chunk.begun()).containsExactly("web-1");
    }

    @Test
    void manyEventsAreSplitIntoChunksThatFollowEachOtherAndOnlyTheLastEnds() {
        // given
        List<EventRow> rows = new ArrayList<>();
        for (int seq = 11; seq <= 1_000; seq++) {
            rows.add(new EventRow(seq, "rehab", AT.plusSeconds(seq), new JsonObject().put("node", "n" + seq)));
        }
        rows.add(new EventRow(1_001, "job_complete", AT.plusSeconds(2_000), new JsonObject()));

        // when
        List<FeedChunk> chunks = FeedEvents.ofJob(10, rows);

        // then
        assertThat(chunks).hasSizeGreaterThan(3).allMatch(chunk -> chunk.bytes().length() < 17 * 1024);
        long position = 10;
        StringBuilder all = new StringBuilder();
        for (FeedChunk chunk : chunks) {
            assertThat(chunk.after()).isEqualTo(position);
            assertThat(chunk.ends()).isEqualTo(chunk.last() == 1_001);
            position = chunk.last();
            all.append(text(chunk));
        }
        assertThat(position).isEqualTo(1_001);
        assertThat(all.toString().lines().filter(line -> line.startsWith("id: ")))
                .containsExactlyElementsOf(
                        rows.stream().map(row -> "id: " + row.seq()).toList());
    }

    private static String text(FeedChunk chunk) {
        return chunk.bytes().toString(StandardCharsets.UTF_8);
    }
}
