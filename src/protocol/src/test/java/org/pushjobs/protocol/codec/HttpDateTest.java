package org.pushjobs.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpDateTest {
    @ParameterizedTest
    @CsvSource({
        "2012-09-04T23:17:56Z, 'Tue, 04 Sep 2012 23:17:56 GMT'",
        "2026-01-15T00:00:00Z, 'Thu, 15 Jan 2026 00:00:00 GMT'",
        "2028-02-29T12:00:01Z, 'Tue, 29 Feb 2028 12:00:01 GMT'"
    })
    void dateIsWrittenAndRead(Instant instant, String text) {
        assertThat(HttpDate.format(instant)).isEqualTo(text);
        assertThat(HttpDate.parse(text)).isEqualTo(instant);
    }

    @Test
    void fractionOfASecondIsCutOff() {
        assertThat(HttpDate.format(Instant.parse("2012-09-04T23:17:56.999Z")))
                .isEqualTo("Tue, 04 Sep 2012 23:17:56 GMT");
    }

    @Test
    void languageOfTheMachineDoesNotMatter() {
        Locale machine = Locale.getDefault();
        try {
            // given
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

            // then
            assertThat(HttpDate.format(Instant.parse("2012-09-04T23:17:56Z")))
                    .isEqualTo("Tue, 04 Sep 2012 23:17:56 GMT");
            assertThat(HttpDate.parse("Tue, 04 Sep 2012 23:17:56 GMT"))
                    .isEqualTo(Instant.parse("2012-09-04T23:17:56Z"));
        } finally {
            Locale.setDefault(machine);
        }
    }

    /** The usual form has a reader of its own, which must not differ from the formatter's. */
    @Property
    void everySecondIsReadAsItWasWritten(
            @ForAll @LongRange(min = -62_135_596_800L, max = 253_402_300_799L) long second) {
        Instant instant = Instant.ofEpochSecond(second);
        assertThat(HttpDate.parse(HttpDate.format(instant))).isEqualTo(instant);
    }

    @Property
    void damagedDateIsReadOrRefusedAsTheFormatterDoes(
            @ForAll @LongRange(min = 0, max = 4_102_444_800L) long second,
            @ForAll @IntRange(max = 28) int position,
            @ForAll @Chars({'0', '1', '2', '3', '6', '9', ' ', ',', ':', 'a', 'F', 'T', '\u0664'}) char damage) {
        // given
        StringBuilder text = new StringBuilder(HttpDate.format(Instant.ofEpochSecond(second)));
        text.setCharAt(position, damage);

        // then
        assertThat(outcome(() -> HttpDate.parse(text.toString())))
                .isEqualTo(outcome(() -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text))));
    }

    private static Optional<Instant> outcome(Supplier<Instant> parser) {
        try {
            return Optional.of(parser.get());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
