package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;

class ChannelTailTest {
    private static final OutputKey KEY = new OutputKey("job", "web-1", Channel.STDOUT);
    private static final String WRITTEN = "0123456789abcdefghij";

    private static ChannelTail tail(long stored, long limit) {
        return new ChannelTail(KEY, stored, limit, 8);
    }

    /** What a command wrote from one position to another. */
    private static OutputPart part(int from, int to) {
        return new OutputPart(
                KEY.jobId(),
                KEY.node(),
                KEY.channel(),
                from,
                WRITTEN.substring(from, to).getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> texts(ChannelTail tail) {
        return tail.parts().stream()
                .map(part -> part.position() + ":" + new String(part.data(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void partsThatFollowEachOtherBecomeOneUpToASize() {
        ChannelTail tail = tail(0, 100);

        for (int i = 0; i < 20; i += 2) {
            tail.append(part(i, i + 2));
        }

        assertThat(texts(tail)).containsExactly("0:01234567", "8:89abcdef", "16:ghij");
        assertThat(tail.end()).isEqualTo(20);
    }

    @Test
    void whatIsStoredAlreadyIsPassedOver() {
        ChannelTail tail = tail(5, 100);

        tail.append(part(0, 5));
        tail.append(part(2, 4));
        tail.append(part(3, 7));

        assertThat(texts(tail)).containsExactly("5:56");
    }

    @Test
    void whatLeavesAGapIsDropped() {
        ChannelTail tail = tail(5, 100);

        tail.append(part(6, 8));

        assertThat(texts(tail)).isEmpty();
        assertThat(tail.end()).isEqualTo(5);
    }

    @Test
    void channelEndsAtItsLimit() {
        ChannelTail tail = tail(0, 6);

        tail.append(part(0, 4));
        assertThat(tail.isFull()).isFalse();
        tail.append(part(4, 9));
        tail.append(part(9, 12));

        assertThat(texts(tail)).containsExactly("0:012345");
        assertThat(tail.isFull()).isTrue();
    }

    @Property
    void whateverComesTheChannelHasNoGapAndNothingTwice(
            @ForAll @Size(max = 20) List<@IntRange(max = 19) Integer> begins,
            @ForAll @IntRange(min = 1, max = 12) int length,
            @ForAll @IntRange(max = 25) int limit) {
        ChannelTail tail = tail(0, limit);

        begins.forEach(begin -> tail.append(part(begin, Math.min(20, begin + length))));

        StringBuilder stored = new StringBuilder();
        for (OutputPart part : tail.parts()) {
            assertThat(part.position()).isEqualTo(stored.length());
            stored.append(new String(part.data(), StandardCharsets.UTF_8));
        }
        assertThat(WRITTEN).startsWith(stored);
        assertThat(stored.length()).isEqualTo((int) tail.end()).isLessThanOrEqualTo(limit);
    }
}
