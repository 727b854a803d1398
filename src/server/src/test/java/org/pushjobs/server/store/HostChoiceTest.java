package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.store.HostAnswer.Failed;
import org.pushjobs.server.store.HostAnswer.ReadOnly;
import org.pushjobs.server.store.HostAnswer.Writable;

class HostChoiceTest {
    private static final long SYSTEM = 7_000;
    private static final long OTHER_SYSTEM = 8_000;

    private static final DatabaseConfig.External A = host("a");
    private static final DatabaseConfig.External B = host("b");
    private static final DatabaseConfig.External C = host("c");

    private static final HostChoice AT_THE_START = new HostChoice(Optional.empty());
    private static final HostChoice AFTER_A = new HostChoice(Optional.of(writable(A, 3)));

    private static DatabaseConfig.External host(String name) {
        return new DatabaseConfig.External(name, 5432, "opscode_pushy", "u", "secret", 5);
    }

    private static Writable writable(DatabaseConfig.External host, long timeline) {
        return new Writable(host, SYSTEM, timeline);
    }

    private static Failed silent(DatabaseConfig.External host) {
        return new Failed(host, new TimeoutException("no answer within 1000 ms"));
    }

    private static Optional<DatabaseConfig.External> chosen(HostChoice choice, HostAnswer... answers) {
        return choice.of(List.of(answers)).map(Writable::host);
    }

    @Test
    void hostThatTakesWritesIsUsedWhereverItIsInTheList() {
        assertThat(chosen(AT_THE_START, new ReadOnly(A), writable(B, 1), silent(C)))
                .contains(B);
        assertThat(chosen(AT_THE_START, writable(A, 1), new ReadOnly(B), new ReadOnly(C)))
                .contains(A);
    }

    @Test
    void noHostIsUsedWhileNoneTakesWrites() {
        assertThat(chosen(AT_THE_START, new ReadOnly(A), silent(B))).isEmpty();
        assertThat(chosen(AFTER_A, silent(A), silent(B))).isEmpty();
    }

    @Test
    void ofTwoThatTakeWritesTheOneThatWasPromotedIsUsed() {
        assertThat(chosen(AT_THE_START, writable(A, 1), writable(B, 2))).contains(B);
        assertThat(chosen(AFTER_A, writable(A, 3), writable(B, 4))).contains(B);
        assertThat(chosen(AFTER_A, writable(B, 4), writable(C, 5))).contains(C);
    }

    @Test
    void hostThatWasReplacedIsNotGoneBackTo() {
        assertThat(chosen(AFTER_A, silent(A), writable(B, 2))).isEmpty();
        assertThat(AFTER_A.explain(List.of(silent(A), writable(B, 2))))
                .isEqualTo("a:5432 does not answer: no answer within 1000 ms;"
                        + " b:5432 was replaced: it has timeline 2, the host that was used last 3");
    }

    @Test
    void sameHostIsUsedAgainAndKeptAmongEquals() {
        assertThat(chosen(AFTER_A, writable(A, 3), new ReadOnly(B))).contains(A);
        assertThat(chosen(AFTER_A, writable(B, 3), writable(A, 3))).contains(A);
        assertThat(chosen(AT_THE_START, writable(B, 3), writable(A, 3))).contains(B);
    }

    @Test
    void hostThatWasMadeWritableByHandIsUsedWhenTheOtherOneIsAway() {
        assertThat(chosen(AFTER_A, silent(A), writable(B, 3))).contains(B);
    }

    @Test
    void otherClusterIsNeverUsedHoweverHighItsTimeline() {
        Writable stranger = new Writable(B, OTHER_SYSTEM, 9);

        assertThat(chosen(AFTER_A, silent(A), stranger)).isEmpty();
        assertThat(chosen(AT_THE_START, writable(A, 1), stranger)).contains(A);
        assertThat(AFTER_A.isEnough(stranger)).isFalse();
        assertThat(AFTER_A.explain(List.of(stranger)))
                .isEqualTo("b:5432 is another PostgreSQL cluster than the one that was used, and no replica of it");
    }

    @Test
    void othersAreNotWaitedForOnceOneHasReplacedTheHostThatWasUsed() {
        assertThat(AFTER_A.isEnough(writable(B, 4))).isTrue();
        assertThat(AFTER_A.isEnough(writable(A, 3)))
                .as("another one may be newer")
                .isFalse();
        assertThat(AFTER_A.isEnough(writable(B, 2))).isFalse();
        assertThat(AFTER_A.isEnough(new ReadOnly(B))).isFalse();
        assertThat(AFTER_A.isEnough(silent(A))).isFalse();
        assertThat(AT_THE_START.isEnough(writable(A, 3)))
                .as("the first that answers may be one that was replaced")
                .isFalse();
    }

    @Test
    void whatHostsSayIsExplainedWithoutSecrets() {
        assertThat(AT_THE_START.explain(List.of(writable(A, 2), new ReadOnly(B), silent(C))))
                .isEqualTo("a:5432 takes writes, with timeline 2; b:5432 takes no writes;"
                        + " c:5432 does not answer: no answer within 1000 ms")
                .doesNotContain("secret");
    }
}
