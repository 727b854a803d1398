package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.impl.ParsableMIMEValue;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypesTest {
    @ParameterizedTest
    @CsvSource({
        "application/json, true",
        "Application/JSON, true",
        "application/*, true",
        "*/*, true",
        "text/html, false",
        "application/octet-stream, false",
        "'text/html, application/json;q=0.1', true",
        "'application/json;q=0, */*', false",
        "'*/*;q=0', false",
        "'*/*;q=0, application/json', true",
        "'application/*;q=0, */*;q=1', false",
        "application/json;version=2, true"
    })
    void mostSpecificRangeDecides(String accept, boolean expected) {
        List<MIMEHeader> ranges = Arrays.stream(accept.split(","))
                .map(range -> new ParsableMIMEValue(range.strip()).forceParse())
                .collect(Collectors.toList());

        assertThat(MediaTypes.accepts(ranges, "application/json")).isEqualTo(expected);
    }

    @Test
    void noRangesAllowEverything() {
        assertThat(MediaTypes.accepts(List.of(), "application/json")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, true",
        "Application/JSON; charset=utf-8, true",
        "application/json;charset=utf-8, true",
        "application/jsonp, false",
        "text/json, false",
        "'', false"
    })
    void contentTypeIsComparedWithoutParameters(String contentType, boolean expected) {
        assertThat(MediaTypes.isOfType(contentType, "application/json")).isEqualTo(expected);
    }
}
