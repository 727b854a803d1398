package org.pushjobs.server.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedLogTest {
    private final List<Promise<FeedLog.Page>> queries = new ArrayList<>();
    private final FeedLog log = new FeedLog(_ -> {
        Promise<FeedLog.Page> query = Promise.promise();
        queries.add(query);
        return query.future();
    });

    @Test
    void eventsThatFollowEachOtherAreFoundByWhatComesBefore() {
        // when
        log.add(chunk(0, 5, 10));
        log.add(chunk(5, 7, 10));

        // then
        assertThat(log.end()).isEqualTo(7);
        assertThat(log.after(0)).contains(chunk(0, 5, 10));
        assertThat(log.after(5)).contains(chunk(5, 7, 10));
        assertThat(log.after(3)).isEmpty();
        assertThat(log.after(7)).isEmpty();
    }

    @Test
    void whatIsKnownIsPassedOver() {
        // given
        log.add(chunk(0, 5, 10));

        // when
        log.add(chunk(2, 5, 99));

        // then
        assertThat(log.after(0)).contains(chunk(0, 5, 10));
        assertThat(log.after(2)).isEmpty();
    }

    @Test
    void beforeAGapNothingIsOffered() {
        // given
        log.add(chunk(0, 5, 10));

        // when
        log.add(chunk(8, 9, 10));

        // then
        assertThat(log.end()).isEqualTo(9);
        assertThat(log.after(0)).isEmpty();
        assertThat(log.after(8)).isPresent();
    }

    @Test
    void onlyTheNewestAreKept() {
        // when
        int size = FeedLog.TAIL_BYTES / 4;
        for (int position = 0; position < 100; position++) {
            log.add(chunk(position, position + 1, size));
        }

        // then
        for (int position = 0; position < 100; position++) {
            assertThat(log.after(position).isPresent()).as("after " + position).isEqualTo(position >= 96);
        }
    }

    @Test
    void oneThatIsLargerThanAllThatIsKeptIsKept() {
        // when
        log.add(chunk(0, 1, 10));
        log.add(chunk(1, 2, 2 * FeedLog.TAIL_BYTES));

        // then
        assertThat(log.after(0)).isEmpty();
        assertThat(log.after(1)).isPresent();
    }

    @Test
    void readersAtTheSamePositionShareAQueryUntilItMayBeTooOld() {
        // when
        log.read(3);
        log.read(3);
        log.read(4);

        // then
        assertThat(queries).hasSize(2);

        // when
        log.shareNoRunningQuery();
        log.read(3);
        queries.getFirst().complete(new FeedLog.Page(List.of(), false));
        log.read(3);

        // then: the end of the old query does not make the new one forgotten
        assertThat(queries).hasSize(3);

        // when
        queries.getLast().complete(new FeedLog.Page(List.of(chunk(3, 6, 10)), false));
        log.read(3);

        // then
        assertThat(queries).hasSize(4);
        assertThat(log.after(3)).isPresent();
    }

    private static FeedChunk chunk(long after, long last, int size) {
        return new FeedChunk(after, last, Buffer.buffer(new byte[size]), false, List.of(), List.of());
    }
}
