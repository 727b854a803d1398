package org.pushjobs.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.agent.settings.JobSettings;
import org.pushjobs.agent.whitelist.Whitelist;
import org.pushjobs.agent.whitelist.WhitelistRule;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.ServerMessage.Commit;

/** With the users of this machine. */
class JobPreparationIT {
    private final FileDirectory files = new FileDirectory();
    private final JobPreparation preparation = preparation(Whitelist.of(Map.of("known", "echo known", "", "true")));

    @TempDir
    private Path directory;

    private JobPreparation preparation(Whitelist whitelist) {
        return new JobPreparation(
                () -> JobSettings.DEFAULT.withWhitelist(whitelist).withFileDir(directory.resolve("files")), files);
    }

    @AfterEach
    void letGoOfTheDirectory() {
        files.close();
    }

    private PreparedJob prepare(JobSpec spec) throws RefusedJobException {
        return preparation.prepare(new Commit("1", "server", spec));
    }

    private static JobSpec withUser(String user) {
        return new JobSpec("known", Optional.of(user), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    private static JobSpec withDir(String dir) {
        return new JobSpec("known", Optional.empty(), Optional.of(dir), Optional.empty(), Optional.empty(), false);
    }

    private static JobSpec withEnv(Map<String, String> env) {
        return new JobSpec("known", Optional.empty(), Optional.empty(), Optional.of(env), Optional.empty(), false);
    }

    private static JobSpec withFile(String file) {
        return new JobSpec("known", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(file), true);
    }

    @Test
    void whitelistGivesTheCommandLine() throws Exception {
        PreparedJob job = prepare(JobSpec.of("known"));

        assertThat(job.jobId()).isEqualTo("1");
        assertThat(job.commandLine()).isEqualTo("echo known");
        assertThat(job.capture()).isFalse();
        assertThat(prepare(JobSpec.of("")).commandLine()).isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "known ", "Known", "echo known"})
    void commandHasToBeInTheWhitelistExactly(String command) {
        assertThatThrownBy(() -> prepare(JobSpec.of(command)))
                .isInstanceOf(RefusedJobException.class)
                .hasMessage("the command is not in the whitelist: " + command);
        assertThat(preparation.refusalAtOnce(new Commit("1", "server", JobSpec.of(command))))
                .contains(new Refusal(Refusal.Kind.NOT_WHITELISTED, "the command is not in the whitelist: " + command));
        assertThat(preparation.refusalAtOnce(new Commit("1", "server", JobSpec.of("known"))))
                .isEmpty();
    }

    @Test
    void userIsLookedUp() throws Exception {
        assumeTrue(new Accounts().ownUid() == Accounts.ROOT, "only root can run commands as another user");

        Account nobody = prepare(withUser("nobody")).user().orElseThrow();

        assertThat(nobody.name()).isEqualTo("nobody");
        assertThat(nobody.uid()).isPositive();
        assertThat(nobody.gid()).isPositive();
    }

    @Test
    void agentsOwnUserNeedsNoSwitch() throws Exception {
        assertThat(prepare(withUser(System.getProperty("user.name"))).user()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-user-here", "0", "-x", "a b", "", "nobody:x", "../nobody"})
    void unknownUserIsRefused(String user) {
        assertThatThrownBy(() -> prepare(withUser(user))).hasMessage("there is no user of this name here: " + user);
    }

    @Test
    void directoryHasToExist() throws Exception {
        assertThat(prepare(withDir(directory.toString())).dir()).contains(directory);
        assertThatThrownBy(() -> prepare(withDir(directory + "/none")))
                .hasMessage("there is no such directory here: " + directory + "/none");
        assertThatThrownBy(() -> prepare(withDir("/etc/passwd"))).isInstanceOf(RefusedJobException.class);
        assertThatThrownBy(() -> prepare(withDir("a\0b"))).isInstanceOf(RefusedJobException.class);
    }

    @Test
    void variablesNeedUsableNamesAndValues() throws Exception {
        assertThat(prepare(withEnv(Map.of("A", "", "b.c", "=x"))).env()).isEqualTo(Map.of("A", "", "b.c", "=x"));
        assertThatThrownBy(() -> prepare(withEnv(Map.of("A=B", "x")))).isInstanceOf(RefusedJobException.class);
        assertThatThrownBy(() -> prepare(withEnv(Map.of("", "x")))).isInstanceOf(RefusedJobException.class);
        assertThatThrownBy(() -> prepare(withEnv(Map.of("A\0", "x")))).isInstanceOf(RefusedJobException.class);
        assertThatThrownBy(() -> prepare(withEnv(Map.of("A", "secret\0"))))
                .isInstanceOf(RefusedJobException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void variableThatWouldArriveChangedOrNotAtAllIsRefusedByItsName() throws Exception {
        String largest = "x".repeat(PassableText.MAX_BYTES - 2);
        assertThat(prepare(withEnv(Map.of("A", largest))).env()).containsEntry("A", largest);

        assertThatThrownBy(() -> prepare(withEnv(Map.of("A", largest + "x"))))
                .hasMessage(
                        "the environment variable A has 131001 bytes with its name; a program takes at most 131000");
        assertThatThrownBy(() -> prepare(withEnv(Map.of("NAME", "secret\ud800"))))
                .hasMessage("an environment variable holds a zero, or half of a character: NAME");
        assertThatThrownBy(() -> prepare(withEnv(Map.of("A\udc00", "x")))).isInstanceOf(RefusedJobException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo \ud83d*", "echo a\0b"})
    void commandLineThatWouldArriveChangedIsRefused(String line) {
        assertThatThrownBy(() -> prepareLine(line))
                .isInstanceOfSatisfying(
                        RefusedJobException.class,
                        refused -> assertThat(refused.refusal())
                                .isEqualTo(new Refusal(
                                        Refusal.Kind.BAD_COMMAND,
                                        "the command line holds a zero, or half of a character")));
    }

    @Test
    void commandLineIsRefusedWhenItIsLongerThanAProgramTakes() throws Exception {
        String words = "echo" + " 12345678".repeat(30_000);
        String script = "echo \"" + "x".repeat(70_000) + "\"";

        assertThat(prepareLine(words).commandLine()).isEqualTo(words);
        assertThat(prepareLine(script).commandLine()).isEqualTo(script);
        assertThatThrownBy(() -> prepareLine("echo '" + "\u00f6".repeat(70_000) + "'"))
                .hasMessageStartingWith("the command line, or a word of it, has 140007 bytes; ");
    }

    private PreparedJob prepareLine(String line) throws RefusedJobException {
        return preparation(Whitelist.of(Map.of("line", line))).prepare(new Commit("1", "server", JobSpec.of("line")));
    }

    @Test
    void reasonStaysShortHoweverLongTheCommandIs() {
        String command = "\ud83d\ude00".repeat(35_000);

        assertThat(preparation
                        .refusalAtOnce(new Commit("1", "server", JobSpec.of(command)))
                        .orElseThrow()
                        .text())
                .startsWith("the command is not in the whitelist: \ud83d\ude00\ud83d\ude00")
                .endsWith("\ude00... (70037 characters)")
                .hasSizeLessThan(1_100);
    }

    @ParameterizedTest
    @CsvSource({"raw:text:ü, text:ü", "raw:, ''", "base64:w7w=, ü", "base64:w7w, ü", "base64:, ''"})
    void fileIsDecoded(String file, String content) throws Exception {
        assertThat(prepare(withFile(file)).file().orElseThrow()).isEqualTo(content.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "", "RAW:text", "base64:a", "base64:w7w=!", "base64:????", "raw:a\ud800"})
    void fileThatCannotBeDecodedIsRefused(String file) {
        assertThatThrownBy(() -> prepare(withFile(file)))
                .isInstanceOf(RefusedJobException.class)
                .hasMessageStartingWith("the job file ");
    }

    @Test
    void whateverGoesWrongInThePreparationIsARefusalWithItsReason() {
        JobPreparation broken = new JobPreparation(
                () -> {
                    throw new IllegalStateException("a defect");
                },
                files);
        Commit commit = new Commit("1", "server", JobSpec.of("known"));
        Refusal refusal = new Refusal(
                Refusal.Kind.PREPARATION_FAILED,
                "the job could not be prepared, the agent's log says more: java.lang.IllegalStateException: a defect");

        assertThat(broken.refusalAtOnce(commit)).contains(refusal);
        assertThatThrownBy(() -> broken.prepare(commit))
                .isInstanceOfSatisfying(
                        RefusedJobException.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(refusal));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "65534, 65533", "2147483648, 2147483647", "4294967294, 4294967294"})
    void numbersOfUsersAreReadInTheirWholeRange(String uid, String gid) throws Exception {
        Account account = Accounts.account("deploy", "deploy:x:" + uid + ":" + gid + "::/:/bin/sh\n")
                .orElseThrow();

        assertThat(UserSwitch.arguments(account, new HashMap<>())).contains("--reuid=" + uid, "--regid=" + gid);
    }

    /** 4294967295 is -1, by which the system's calls leave the user as it is. */
    @ParameterizedTest
    @CsvSource({"4294967295, 1", "1, 4294967295", "99999999999, 1", "-1, 1", "x, 1", "'', 1"})
    void numberThatWouldLeaveTheUserRootOrIsNoneIsRefused(String uid, String gid) {
        assertThatThrownBy(() -> Accounts.account("deploy", "deploy:x:" + uid + ":" + gid + "::/:/bin/sh\n"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("its id is no number from 0 to 4294967294: ");
    }

    @Test
    void jobIsRefusedWhileItsFilesHaveNoPlace() throws Exception {
        prepare(JobSpec.of("known"));
        Files.delete(directory.resolve("files").resolve(FileDirectory.LOCK_NAME));
        Files.delete(directory.resolve("files"));
        Files.createFile(directory.resolve("files"));

        assertThatThrownBy(() -> prepare(JobSpec.of("known")))
                .isInstanceOfSatisfying(
                        RefusedJobException.class,
                        refused -> assertThat(refused.refusal())
                                .isEqualTo(new Refusal(
                                        Refusal.Kind.FILE_DIR_UNUSABLE,
                                        "file_dir " + directory + "/files of the node cannot be used: " + directory
                                                + "/files is no directory")));

        Files.delete(directory.resolve("files"));
        prepare(withFile("raw:x"));
    }

    private JobPreparation locking(Path lock) {
        Whitelist whitelist =
                new Whitelist(List.of(new WhitelistRule(new WhitelistRule.Exact("locked"), "true", Optional.of(lock))));
        return preparation(whitelist);
    }

    @Test
    void lockIsTakenLastAndHeldUntilItIsReleased() throws Exception {
        Path lock = directory.resolve("lock");
        Commit commit = new Commit("1", "server", JobSpec.of("locked"));

        PreparedJob job = locking(lock).prepare(commit);

        assertThatThrownBy(() -> locking(lock).prepare(commit))
                .isInstanceOfSatisfying(
                        RefusedJobException.class,
                        refused -> assertThat(refused.refusal())
                                .isEqualTo(new Refusal(
                                        Refusal.Kind.LOCKED,
                                        "another process holds the lock of this command: " + lock)));
        job.release();
        job.release();
        locking(lock).prepare(commit).release();
    }

    @Test
    void jobThatIsRefusedForAnotherReasonLeavesTheLockAlone() throws Exception {
        Path lock = directory.resolve("lock");
        JobSpec spec = new JobSpec(
                "locked", Optional.empty(), Optional.of("/none"), Optional.empty(), Optional.empty(), false);

        assertThatThrownBy(() -> locking(lock).prepare(new Commit("1", "server", spec)))
                .hasMessageContaining("no such directory");

        assertThat(CommandLock.tryLock(lock)).hasValueSatisfying(CommandLock::close);
    }

    @Test
    void lockFileThatCannotBeMadeIsARefusal() {
        assertThatThrownBy(() -> locking(directory.resolve("none/lock"))
                        .prepare(new Commit("1", "server", JobSpec.of("locked"))))
                .isInstanceOfSatisfying(
                        RefusedJobException.class,
                        refused -> assertThat(refused.refusal().kind()).isEqualTo(Refusal.Kind.LOCKED));
    }

    @Test
    void preparedJobIsNeverPrintedWithItsSecrets() throws Exception {
        JobSpec spec = new JobSpec(
                "known",
                Optional.empty(),
                Optional.empty(),
                Optional.of(Map.of("TOKEN", "secret")),
                Optional.of("raw:secret"),
                false);

        assertThat(prepare(spec).toString()).contains("TOKEN").doesNotContain("secret");
    }
}
