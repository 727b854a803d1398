package org.pushjobs.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Versions that members tell. */
class ServerVersionTest {
    @ParameterizedTest
    @CsvSource({
        "4.0.0, 4.0.0, true",
        "4.0.0, 4.0.9, true",
        "4.0.0, 4.1.0, true",
        "4.0.0-SNAPSHOT, 4.1.0-rc.1, true",
        "4.9, 4.10, true",
        "4.9.0, 5.0.0, true",
        "checkout, 4.0.0, true",
        "'', 4.0.0, true",
        "4.0.0, 4.2.0, false",
        "4.1.0, 4.10.0, false",
        "4.9.0, 5.1.0, false",
        "4.0.0, 6.0.0, false"
    })
    void onlyVersionsThatFollowEachOtherAreNeighbours(String one, String other, boolean areNeighbours) {
        assertThat(member(one).isNeighbourOf(member(other))).isEqualTo(areNeighbours);
        assertThat(member(other).isNeighbourOf(member(one))).isEqualTo(areNeighbours);
    }

    private static MemberInfo member(String version) {
        return new MemberInfo("name", version, "process", Set.of());
    }
}
