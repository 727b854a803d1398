package org.pushjobs.ctl.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.testing.FakeMachine;

/** {@code psql}, with a program in its place that writes down what it got. */
class PsqlCommandTest {
    @TempDir
    private Path root;

    private FakeMachine machine;

    @BeforeEach
    void makeMachine() throws Exception {
        machine = FakeMachine.withSecrets(root, 5432);
        Path program = machine.write(machine.at("/opt/opscode/embedded/bin/psql"), """
            #!/bin/sh
            printf '%%s\\n' "$@" >%1$s/arguments
            echo "$PGOPTIONS" >%1$s/options
            stat -c %%a "$PGPASSFILE" >%1$s/access
            cat "$PGPASSFILE" >%1$s/password
            echo "$PGPASSFILE" >%1$s/file
            exit 5
            """.formatted(root));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> lines(String name) throws Exception {
        return Files.readAllLines(root.resolve(name));
    }

    @Test
    void itMayOnlyReadUnlessAskedFor() throws Exception {
        assertThat(machine.run("psql").status()).isEqualTo(5);

        assertThat(lines("arguments"))
                .containsExactly(
                        "--host=127.0.0.1",
                        "--port=5432",
                        "--username=opscode_pushy_ro",
                        "--dbname=opscode_pushy",
                        "--no-password");
        assertThat(lines("options")).containsExactly("-c default_transaction_read_only=on");
    }

    @Test
    void askedForItIsTheServersRoleAndOptionsArePassedOn() throws Exception {
        machine.run("psql", "--write", "--", "-c", "select 1");

        assertThat(lines("arguments")).contains("--username=opscode_pushy").endsWith("--no-password", "-c", "select 1");
        assertThat(lines("options")).containsExactly("");
    }

    @Test
    void thePasswordIsInAFileThatGoes() throws Exception {
        machine.run("psql");

        assertThat(lines("access")).containsExactly("600");
        assertThat(lines("password")).singleElement().asString().matches("\\*:\\*:\\*:\\*:\\w+");
        assertThat(Path.of(lines("file").getFirst())).doesNotExist();
    }
}
