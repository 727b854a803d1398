package org.pushjobs.workstation.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayTest {
    @ParameterizedTest
    @CsvSource({
        "true,  xterm, '',  '',                 true",
        "true,  '',    '',  '',                 true",
        "true,  dumb,  '',  '',                 false",
        "true,  xterm, 1,   '',                 false",
        "true,  xterm, 1,   --color,            true",
        "true,  xterm, '',  --no-color,         false",
        "true,  xterm, '',  --no-color --color, true",
        "false, xterm, '',  '',                 false",
        "false, xterm, '',  --color,            true",
        "false, xterm, '',  --color --no-color, false"
    })
    void coloursAreForTerminalsUnlessSomebodySaysOtherwise(
            boolean terminal, String term, String noColor, String arguments, boolean colours) {
        Map<String, String> environment = new HashMap<>(Map.of("TERM", term));
        if (!noColor.isEmpty()) {
            environment.put("NO_COLOR", noColor);
        }

        Display display = Display.of(CalledAs.PUSHJOBS, terminal, environment, List.of(arguments.split(" ")));

        assertThat(display.colours()).isEqualTo(colours);
    }
}
