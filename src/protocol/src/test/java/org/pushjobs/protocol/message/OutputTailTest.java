package org.pushjobs.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputTailTest {
    private static final byte[] NO_TEXT = {(byte) 0x80, (byte) 0x81, (byte) 0x82, (byte) 0x83, 'a'};

    @ParameterizedTest
    @CsvSource({"aé, 2, é, 1", "aé, 1, '', 3", "a€b, 3, b, 4", "a€b, 4, €b, 1", "a😀b, 4, b, 5", "a😀b, 5, 😀b, 1"})
    void lastOfATextBeginsWithAWholeCharacter(String text, int atMost, String last, long offset) {
        OutputTail tail = tail(0, text);

        assertThat(tail.last(atMost)).isEqualTo(tail(offset, last));
    }

    @Test
    void whatIsShortEnoughStaysAsItIs() {
        OutputTail tail = tail(7, "short");

        assertThat(tail.last(5)).isSameAs(tail);
    }

    @Test
    void whatIsNoTextStaysAsItIs() {
        assertThat(new OutputTail(3, NO_TEXT).withoutHalfACharacter()).isEqualTo(new OutputTail(3, NO_TEXT));
    }

    @Test
    void beginningOfTheOutputIsNotCutOff() {
        OutputTail whole = new OutputTail(0, new byte[] {(byte) 0x80, 'a'});

        assertThat(whole.withoutHalfACharacter()).isEqualTo(whole);
    }

    @Test
    void tailIsPrintedWithoutItsData() {
        assertThat(tail(3, "secret")).hasToString("OutputTail[offset=3, data=6 bytes]");
    }

    @Test
    void offsetBelowZeroIsRefused() {
        assertThatThrownBy(() -> tail(-1, "")).hasMessageContaining("-1");
    }

    private static OutputTail tail(long offset, String text) {
        return new OutputTail(offset, text.getBytes(StandardCharsets.UTF_8));
    }
}
