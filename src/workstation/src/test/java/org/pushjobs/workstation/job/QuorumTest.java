package org.pushjobs.workstation.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuorumTest {
    @ParameterizedTest
    @CsvSource({
        "100%, 3, 3",
        "50%,  3, 2",
        "50%,  4, 2",
        "1%,   1, 1",
        "0%,   5, 0",
        "7%, 100, 7",
        "29%, 100, 29",
        "67%,  3, 3",
        "66%,  3, 2",
        "150%, 2, 3",
        "2,    3, 2",
        "0,    3, 0",
        "9,    3, 9",
        "999999%, 100000, 999999000",
    })
    void quorumIsThatManyNodesOrThatPartRoundedUp(String text, int nodes, int needed) {
        assertThat(Quorum.parse(text).of(nodes)).isEqualTo(needed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "half", "-1", "1.5", "50 %", "50%%", "1000000", "٣", " 3"})
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quorum.parse(text))
                .withMessage("Invalid Format please enter integer or percent");
    }
}
