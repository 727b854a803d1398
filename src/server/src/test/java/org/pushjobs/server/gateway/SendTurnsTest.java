package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendTurnsTest {
    private static final int LARGE = SendTurns.MAX_ON_THEIR_WAY_BYTES / 4;

    private final SendTurns turns = new SendTurns();
    private final List<String> sent = new ArrayList<>();
    private final Deque<Runnable> onTheirWay = new ArrayDeque<>();

    private void add(long connection, String name, int bytes) {
        turns.add(connection, new SendTurns.Message() {
            @Override
            public int bytes() {
                return bytes;
            }

            @Override
            public void send(Runnable taken) {
                sent.add(name);
                if (bytes > SendTurns.SMALL_BYTES) {
                    onTheirWay.add(taken);
                }
            }
        });
    }

    @Test
    void largeMessagesWaitUntilThereIsRoomForThem() {
        for (int i = 1; i <= 6; i++) {
            add(i, "large " + i, LARGE);
        }
        assertThat(sent).containsExactly("large 1", "large 2", "large 3", "large 4");
        assertThat(turns.size()).isEqualTo(2);

        onTheirWay.remove().run();
        assertThat(sent).endsWith("large 4", "large 5");

        while (!onTheirWay.isEmpty()) {
            onTheirWay.remove().run();
        }
        assertThat(sent).hasSize(6);
        assertThat(turns.size()).isZero();
    }

    @Test
    void smallMessagesPassTheLargeOnesOfOthersAndStayBehindThoseOfTheirOwnConnection() {
        for (int i = 1; i <= 5; i++) {
            add(i, "large " + i, LARGE);
        }
        add(5, "abort 5", 100);
        add(6, "abort 6", 100);
        add(1, "abort 1", 100);
        assertThat(sent).endsWith("large 4", "abort 6", "abort 1");
        assertThat(turns.size()).isEqualTo(2);

        onTheirWay.remove().run();

        assertThat(sent).endsWith("abort 1", "large 5", "abort 5");
        assertThat(turns.size()).isZero();
    }

    @Test
    void messageThatIsLargerThanAllRoomIsSentAlone() {
        add(1, "large", LARGE);
        add(2, "huge", 2 * SendTurns.MAX_ON_THEIR_WAY_BYTES);
        assertThat(sent).containsExactly("large");

        onTheirWay.remove().run();

        assertThat(sent).containsExactly("large", "huge");
    }
}
