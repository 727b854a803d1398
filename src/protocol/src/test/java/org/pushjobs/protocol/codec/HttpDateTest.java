package org.pushjobs.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Locale;
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
}
