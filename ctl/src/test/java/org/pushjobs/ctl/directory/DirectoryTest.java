package org.pushjobs.ctl.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.service.ServerProgram;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.protocol.keys.PemKeys;

/** The directory commands, with a program in the server's place that writes down how it was called. */
class DirectoryTest {
    private static final String SETTINGS = "/var/server.json";

    private static final String LIST = """
        2026-11-28T15:15:28.224Z INFO  EmbeddedDatabase: started the embedded database
        organisation: acme [guid: 0]
          members: amy bob (disabled)
          clients: n1 n2 (disabled) n3
          group admins: users amy, clients none, groups none
          group pushy_job_writers: users none, clients n1, groups admins
        organisation: other [guid: 1]
          members: none
          clients: none
        users: amy bob (disabled) cat
        """;

    @TempDir
    private Path root;

    private FakeMachine machine;
    private Path calls;
    private Directory directory;
    private StringWriter out;

    @BeforeEach
    void makeMachine() throws Exception {
        machine = FakeMachine.empty(root);
        calls = root.resolve("calls");
        machine.write(machine.at(SETTINGS), "{}");
        server(0);
        Files.writeString(root.resolve("list"), LIST);
        out = new StringWriter();
        directory = new Directory(
                new ServerProgram(machine.layout(), System.getProperty("user.name"), SETTINGS),
                new PrintWriter(out, true));
    }

    private void server(int status) throws Exception {
        Path program = machine.write(machine.at(ServerProgram.PROGRAM), """
            #!/bin/sh
            shift 2
            echo "$*" >>%1$s/calls
            for word in "$@"; do
              case $word in *public-key.pem) cp "$word" %1$s/seen.pem ;; esac
            done
            if [ "$2" = list ]; then cat %1$s/list; else echo "answer to $2"; fi
            exit %2$d
            """.formatted(root, status));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String run(String line) throws Exception {
        String[] words = line.split(" ");
        Kind kind = Kind.valueOf(words[0].toUpperCase(Locale.ROOT));
        directory.run(kind, List.of(words).subList(1, words.length));
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "org create acme, org-create acme",
        "org delete acme --abandon-jobs --confirm, org-delete acme --abandon-jobs --confirm",
        "org add-user acme amy --admin, org-user-add acme amy --admin",
        "org remove-user acme amy --confirm, org-user-remove acme amy --confirm",
        "user show amy, key-list --user amy",
        "user delete amy, user-delete amy",
        "user disable amy, user-disable amy",
        "user enable amy, user-enable amy",
        "user remove-key amy old, key-remove old --user amy",
        "user expire-key amy old --at 2030-01-01T00:00:00Z, key-expire old --user amy --at 2030-01-01T00:00:00Z",
        "client show acme n1, key-list --client acme/n1",
        "client delete acme n1 --confirm, client-delete acme n1 --confirm",
        "client remove-key acme n1 old, key-remove old --client acme/n1",
        "group add acme writers --user=amy, group-add acme writers --user amy",
        "group create acme writers --user amy, group-add acme writers --user amy",
        "group remove acme writers --client n1, group-remove acme writers --client n1",
        "group delete acme writers, group-delete acme writers"
    })
    void theServersCommandLineIsCalled(String line, String called) throws Exception {
        assertThat(run(line)).isEqualTo("answer to " + called.split(" ")[0] + "\n");
        assertThat(Files.readString(calls)).isEqualTo("directory " + called + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "org list, acme|other|",
        "user list, amy|bob (disabled)|cat|",
        "client list acme, n1|n2 (disabled)|n3|",
        "client list other, ''",
        "group list acme, admins|pushy_job_writers|",
        "group show acme admins, 'admins: users amy, clients none, groups none|'"
    })
    void listsAreOfWhatWasAskedFor(String line, String shown) throws Exception {
        assertThat(run(line)).isEqualTo(shown.replace('|', '\n'));
    }

    @Test
    void anOrganisationIsShownWithAllThatIsInIt() throws Exception {
        assertThat(run("org show acme")).startsWith("organisation: acme").hasLineCount(5);
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> run("org show none")).hasMessage("there is no organisation 'none'");
        assertThatThrownBy(() -> run("client list none")).hasMessage("there is no organisation 'none'");
        assertThatThrownBy(() -> run("group show acme none")).hasMessage("organisation 'acme' has no group 'none'");
    }

    @ParameterizedTest
    @CsvSource({
        "user create amy --org acme, user-create amy --org acme",
        "client create acme n1, client-create acme n1",
        "user rotate-key amy new, key-rotate new --user amy",
        "client rotate-key acme n1 new, key-rotate new --client acme/n1",
        "client add-key acme n1 new, key-add new --client acme/n1"
    })
    void aNewKeyIsMadeForTheOneWhoAsks(String line, String called) throws Exception {
        Path file = root.resolve("key.pem");

        String said = run(line + " --key-out " + file);

        assertThat(said).endsWith("private key: " + file + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        RSAPublicKey seen = PemKeys.publicKey(Files.readString(root.resolve("seen.pem")));
        assertThat(seen.getModulus())
                .isEqualTo(PemKeys.privateKey(Files.readString(file)).getModulus());
        assertThat(Files.readString(calls)).startsWith("directory " + called + " --public-key /");
    }

    @Test
    void aGivenKeyIsPassedOn() throws Exception {
        Path file = Files.writeString(root.resolve("given.pem"), "a key");

        assertThat(run("user create amy --public-key=" + file)).doesNotContain("private key");
        assertThat(root.resolve("seen.pem")).hasContent("a key");
    }

    @Test
    void aKeyThatNobodyKnowsIsNotLeftBehind() throws Exception {
        server(1);
        Path file = root.resolve("key.pem");

        assertThatThrownBy(() -> run("user create amy --key-out " + file)).hasMessage("answer to user-create");
        assertThat(file).doesNotExist();
    }

    @Test
    void aFileThatIsThereIsNotOverwritten() throws Exception {
        Path file = Files.writeString(root.resolve("key.pem"), "mine");

        assertThatThrownBy(() -> run("user create amy --key-out " + file)).hasMessageContaining("is there already");
        assertThat(file).hasContent("mine");
        assertThat(calls).doesNotExist();
    }

    @Test
    void wrongWordsAreAnsweredWithTheRightOnes() {
        assertThatThrownBy(() -> run("org frobnicate"))
                .isInstanceOf(CtlException.class)
                .hasMessageContaining("opscode-push-jobs-server-ctl org create ORG");
        assertThatThrownBy(() -> run("client delete n1"))
                .hasMessageContaining("opscode-push-jobs-server-ctl client delete ORG NAME [--confirm]");
        assertThat(calls).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void everyKindSaysHowItIsUsed(Kind kind) {
        assertThat(kind.usage()).allMatch(line -> line.startsWith(kind.word() + " "));
    }
}
