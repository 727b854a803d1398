package org.pushjobs.simulator.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.simulator.script.Script.Result;
import org.pushjobs.simulator.script.Script.Start;
import org.pushjobs.simulator.script.Script.Vote;

class ScriptTest {
    @Test
    void eachWordChangesItsPart() {
        Script script =
                Script.parse(" fail  slow:0.5 late:3 output:2000 duplicate ").orElseThrow();

        assertThat(script)
                .isEqualTo(new Script(
                        Vote.ACK, Duration.ofSeconds(3), Start.ACK, Duration.ofMillis(500), Result.FAILED, 2, 2_000));
    }

    @Test
    void wordsSayHowToRefuseAndToVanish() {
        assertThat(Script.parse("nack").orElseThrow().vote()).isEqualTo(Vote.NACK);
        assertThat(Script.parse("vanish-vote").orElseThrow().vote()).isEqualTo(Vote.VANISH);
        assertThat(Script.parse("nack-run").orElseThrow().start()).isEqualTo(Start.NACK);
        assertThat(Script.parse("vanish").orElseThrow().start()).isEqualTo(Start.VANISH);
        assertThat(Script.parse("fail succeed").orElseThrow()).isEqualTo(Script.SUCCEED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "chef-client",
                "succeed twice",
                "slow",
                "slow:",
                "slow:-1",
                "slow:x",
                "late:1e9",
                "output:NaN"
            })
    void otherTextIsNoScript(String text) {
        assertThat(Script.parse(text)).isEmpty();
    }

    @Test
    void castGivesSharesInTurnAndTheRestSucceeds() {
        Cast cast = Cast.parse(List.of("fail=0.1", "nack slow:2=0.25"));

        List<Script> parts =
                IntStream.range(0, 20).mapToObj(i -> cast.scriptOf(i, 20)).toList();

        assertThat(parts.subList(0, 2)).allMatch(part -> part.result() == Result.FAILED);
        assertThat(parts.subList(2, 7)).allMatch(part -> part.vote() == Vote.NACK);
        assertThat(parts.subList(7, 20)).allMatch(Script.SUCCEED::equals);
    }

    @Test
    void commandThatIsAScriptCountsMoreThanThePart() {
        Script part = Script.parse("fail").orElseThrow();

        assertThat(Cast.of("nack", part).vote()).isEqualTo(Vote.NACK);
        assertThat(Cast.of("chef-client", part)).isEqualTo(part);
    }

    @ParameterizedTest
    @ValueSource(strings = {"explode", "fail=", "fail=0", "fail=1.5", "fail=half", "=0.5"})
    void castOfOtherTextIsRefusedWithTheText(String text) {
        assertThatThrownBy(() -> Cast.parse(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }
}
