package org.pushjobs.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "chef-client -o a,b",
                " chef-client\t-o   a,b ",
                "/usr/bin/chef-client --opt=value",
                "echo a=b",
                "./run -x %d @file",
                "iffy then"
            })
    void plainLineIsSplitAtWhiteSpace(String line) {
        assertThat(CommandLine.arguments(line)).isEqualTo(List.of(line.strip().split("\\s+")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a | b",
                "a && b",
                "a; b",
                "a > b",
                "a < b",
                "echo *",
                "echo ?",
                "echo [a]",
                "echo {a,b}",
                "(a)",
                "a &",
                "echo $HOME",
                "echo `id`",
                "echo 'a b'",
                "echo \"a b\"",
                "echo a\\ b",
                "echo ~",
                "a\nb",
                "a # b",
                "A=1 env",
                "exit 3",
                "exec sleep 1",
                ". /etc/profile",
                "if true",
                "! false",
                "cd=1",
                ": nothing"
            })
    void lineThatNeedsAShellGetsOne(String line) {
        assertThat(CommandLine.arguments(line)).containsExactly("/bin/sh", "-c", line);
    }
}
