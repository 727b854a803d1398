package org.pushjobs.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.OutputTail;

class TailRingTest {
    @Property(tries = 300)
    void lastBytesAreKeptHoweverTheyCome(
            @ForAll @IntRange(min = 1, max = 40) int capacity, @ForAll @Size(max = 8) int[] lengths) {
        // given parts whose bytes are all different and none of which is part of a longer character
        TailRing ring = new TailRing(capacity);
        ByteArrayOutputStream written = new ByteArrayOutputStream();

        // when
        for (int length : lengths) {
            byte[] part = new byte[Math.floorMod(length, 100)];
            for (int i = 0; i < part.length; i++) {
                part[i] = (byte) ((written.size() + i) % 127);
            }
            ring.write(MemorySegment.ofArray(part));
            written.writeBytes(part);
        }

        // then
        byte[] all = written.toByteArray();
        int from = Math.max(0, all.length - capacity);
        if (all.length == 0) {
            assertThat(ring.tail()).isEmpty();
        } else {
            assertThat(ring.tail()).contains(new OutputTail(from, Arrays.copyOfRange(all, from, all.length)));
        }
    }

    @Test
    void characterWhoseBeginningIsLostIsNotKept() {
        TailRing ring = new TailRing(4);

        ring.write(MemorySegment.ofArray("a€ü".getBytes(StandardCharsets.UTF_8)));

        assertThat(ring.tail()).contains(new OutputTail(4, "ü".getBytes(StandardCharsets.UTF_8)));
    }
}
