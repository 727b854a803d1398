package org.pushjobs.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.agent.settings.AgentException;
import org.pushjobs.agent.settings.JobSettings;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.OutputTail;

/** Real processes. */
class ExecutionIT {
    private static final int CAPTURE_LIMIT_BYTES = 63_000;
    /** What belongs to its job is ended wherever it came from, so no other test has this one. */
    private static final String NODE = "web-" + ProcessHandle.current().pid();

    private static final RunLimits LIMITS = new RunLimits(CAPTURE_LIMIT_BYTES, Optional.empty());

    @TempDir
    private Path directory;

    private CommandRunner runner;

    @BeforeEach
    void createRunner() throws AgentException {
        runner = new CommandRunner(NODE, () -> JobSettings.DEFAULT.withFileDir(directory.resolve("files")));
    }

    private static PreparedJob job(String commandLine) {
        return new PreparedJob(
                "job-1", commandLine, Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), true);
    }

    private PreparedJob withFile(String commandLine, String content) {
        return new PreparedJob(
                "job-1",
                commandLine,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.of(content.getBytes(StandardCharsets.UTF_8)),
                true);
    }

    private CommandOutcome run(PreparedJob job) throws Exception {
        Recorded recorded = new Recorded();
        runner.start(job, LIMITS, recorded);
        return recorded.awaitEnd();
    }

    private Output output(PreparedJob job) throws Exception {
        return run(job).output().orElseThrow().within(CAPTURE_LIMIT_BYTES).orElseThrow();
    }

    private List<ProcessHandle> processes(int count) {
        Until.isTrue(count + " process ids are written", () -> pids().count() == count);
        return pids().map(pid -> ProcessHandle.of(pid).orElseThrow()).toList();
    }

    private Stream<Long> pids() {
        try {
            return Files.readString(directory.resolve("pids")).lines().map(Long::parseLong);
        } catch (IOException e) {
            return Stream.of();
        }
    }

    @Test
    void outputAndStatusOfACommandAreKept() throws Exception {
        CommandOutcome outcome = run(job("echo out; echo err >&2; exit 7"));

        assertThat(outcome.exitStatus()).isEqualTo(7);
        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.output().orElseThrow().within(CAPTURE_LIMIT_BYTES)).contains(new Output("out\n", "err\n"));
    }

    @Test
    void commandWithoutShellCharactersRunsWithoutAShell() throws Exception {
        assertThat(output(job("printf %s,  a   b")).stdout()).isEqualTo("a,b,");
    }

    @Test
    void commandThatIsNotThereFailsAndSaysSo() throws Exception {
        CommandOutcome outcome = run(job("no-such-command-at-all"));

        assertThat(outcome.exitStatus()).isEqualTo(127);
        assertThat(outcome.output()
                        .orElseThrow()
                        .within(CAPTURE_LIMIT_BYTES)
                        .orElseThrow()
                        .stderr())
                .contains("no-such-command-at-all");
    }

    @Test
    void bothStreamsAreDrainedAndLittleIsKept() throws Exception {
        CommandOutcome outcome = run(job("head -c 5000000 /dev/zero & head -c 5000000 /dev/zero >&2; wait"));

        OutputSpool output = outcome.output().orElseThrow();
        String notice = "\n[push jobs: output cut off here, " + (5_000_000 - CAPTURE_LIMIT_BYTES)
                + " more bytes were written]\n";
        assertThat(outcome.succeeded()).isTrue();
        assertThat(output.within(CAPTURE_LIMIT_BYTES)).isEmpty();
        for (OutputChannel channel : OutputChannel.values()) {
            assertThat(output.droppedBytes(channel)).isEqualTo(5_000_000 - CAPTURE_LIMIT_BYTES);
            assertThat(output.size(channel)).isEqualTo(CAPTURE_LIMIT_BYTES + notice.length());
            assertThat(new String(output.read(channel, CAPTURE_LIMIT_BYTES, 1000), StandardCharsets.UTF_8))
                    .isEqualTo(notice);
        }
    }

    @Test
    void outputUpToTheLimitIsKeptWhole() throws Exception {
        OutputSpool captured = run(job("head -c " + CAPTURE_LIMIT_BYTES + " /dev/zero | tr '\\0' x"))
                .output()
                .orElseThrow();

        assertThat(captured.within(CAPTURE_LIMIT_BYTES).orElseThrow().stdout())
                .isEqualTo("x".repeat(CAPTURE_LIMIT_BYTES));
    }

    @Test
    void bytesThatAreNoUtf8AreReplaced() throws Exception {
        assertThat(output(job("printf 'a\\377\\303\\274'")).stdout()).isEqualTo("a\uFFFDü");
    }

    @Test
    void outputIsDiscardedWhenNoneIsWanted() throws Exception {
        assertThat(run(quiet("echo x"))).isEqualTo(new CommandOutcome(0, false, Optional.empty()));
    }

    private static PreparedJob quiet(String commandLine) {
        return new PreparedJob(
                "job-1", commandLine, Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), false);
    }

    private Optional<String> tail(String commandLine, int bytes) throws Exception {
        return outcomeWithTail(commandLine, bytes).tail().map(tail -> new String(tail.data(), StandardCharsets.UTF_8));
    }

    private CommandOutcome outcomeWithTail(String commandLine, int bytes) throws Exception {
        Recorded recorded = new Recorded();
        runner.start(quiet(commandLine), new RunLimits(1, bytes, Optional.empty()), recorded);
        assertThat(recorded.awaitStart()).isEmpty();
        return recorded.awaitEnd();
    }

    @Test
    void lastOfWhatAFailedCommandWroteIsKeptOfBothChannelsInOrder() throws Exception {
        assertThat(tail("echo one; echo two >&2; echo three; exit 3", 4096)).contains("one\ntwo\nthree\n");
        assertThat(tail("no-such-command-at-all", 4096))
                .hasValueSatisfying(text -> assertThat(text).contains("no-such-command-at-all"));
        assertThat(tail("echo before; kill -9 $$", 4096)).contains("before\n");
    }

    @Test
    void ofMuchOutputTheLastIsKeptFromAWholeCharacterOn() throws Exception {
        CommandOutcome outcome = outcomeWithTail(
                "yes $(printf '\\303\\274\\342\\202\\254') | head -n 500000; echo the end >&2; exit 1", 4096);

        OutputTail tail = outcome.tail().orElseThrow();
        assertThat(tail.offset() + tail.data().length).isEqualTo(500_000 * 6 + 8);
        assertThat(tail.data()).hasSizeBetween(4093, 4096);
        assertThat(new String(tail.data(), StandardCharsets.UTF_8)).matches("(ü?€)?\n(ü€\n)+the end\n");
    }

    @Test
    void nothingIsKeptOfACommandThatSucceedsOrWritesNothingOrWhereItIsSwitchedOff() throws Exception {
        assertThat(tail("echo x", 4096)).isEmpty();
        assertThat(tail("exit 1", 4096)).isEmpty();
        assertThat(tail("echo x; exit 1", 0)).isEmpty();
        runner = new CommandRunner(
                NODE,
                () -> JobSettings.DEFAULT
                        .withFileDir(directory.resolve("files"))
                        .withOutputTailBytes(0));
        assertThat(tail("echo x; exit 1", 4096)).isEmpty();
    }

    @Test
    void smallerOfTheSettingAndWhatTheServerTakesCounts() throws Exception {
        runner = new CommandRunner(
                NODE,
                () -> JobSettings.DEFAULT
                        .withFileDir(directory.resolve("files"))
                        .withOutputTailBytes(5));

        assertThat(tail("printf 0123456789; exit 1", 4096)).contains("56789");
        assertThat(tail("printf 0123456789; exit 1", 3)).contains("789");
    }

    @Test
    void commandWhoseRunTimeIsOverHasATail() throws Exception {
        Recorded recorded = new Recorded();
        runner.start(
                quiet("echo before; sleep 100"), new RunLimits(1, 4096, Optional.of(Duration.ofSeconds(1))), recorded);

        CommandOutcome outcome = recorded.awaitEnd();

        assertThat(outcome.timedOut()).isTrue();
        assertThat(outcome.tail().map(tail -> new String(tail.data(), StandardCharsets.UTF_8)))
                .contains("before\n");
    }

    @Test
    void whatACommandLeavesBehindMayGoOnWriting() throws Exception {
        // given a child that outlives its command, and then writes more than a pipe holds
        Path gate = directory.resolve("gate");
        Path done = directory.resolve("done");
        String child = "echo from the child; echo $$ >> " + directory + "/pids; while [ ! -e " + gate
                + " ]; do sleep 0.02; done; head -c 3000000 /dev/zero && echo written > " + done;
        String started = "while [ ! -e " + directory + "/pids ]; do sleep 0.02; done";

        CommandOutcome outcome =
                outcomeWithTail("setsid sh -c '" + child + "' & " + started + "; echo the end; exit 1", 4096);

        // when
        ProcessHandle left = processes(1).getFirst();
        assertThat(left.isAlive()).isTrue();
        Files.createFile(gate);

        // then
        Until.isTrue("all is written", () -> Files.exists(done) && !left.isAlive());
        assertThat(done).hasContent("written");
        assertThat(outcome.tail().map(tail -> new String(tail.data(), StandardCharsets.UTF_8)))
                .hasValueSatisfying(text -> assertThat(text).contains("from the child\n", "the end\n"));
        Until.isTrue("nothing reads any more", () -> readers().isEmpty());
    }

    /** Those of this process, which other tests may have left for a moment. */
    private static List<ProcessHandle> readers() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info()
                        .command()
                        .filter(name -> name.endsWith("/cat"))
                        .isPresent())
                .toList();
    }

    @Test
    void commandOfAnotherUserMayOpenItsOutputAnew() throws Exception {
        assumeTrue(new Accounts().ownUid() == Accounts.ROOT, "only root can run commands as another user");
        PreparedJob job = new PreparedJob(
                "job-1",
                "echo out > /dev/stdout; echo err > /dev/stderr; exit 1",
                Optional.of(new Accounts().find("nobody").orElseThrow()),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                false);
        Recorded recorded = new Recorded();
        runner.start(job, new RunLimits(1, 4096, Optional.empty()), recorded);

        assertThat(recorded.awaitEnd().tail().map(tail -> new String(tail.data(), StandardCharsets.UTF_8)))
                .contains("out\nerr\n");
    }

    @Test
    void pipesAreGivenBack() throws Exception {
        tail("exit 1", 4096);
        long before = openFiles();

        for (int i = 0; i < 20; i++) {
            tail("echo x; exit 1", 4096);
        }

        Until.isTrue("no more files are open than before", () -> openFiles() <= before);
    }

    private static long openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void standardInputIsEmpty() throws Exception {
        assertThat(output(job("cat"))).isEqualTo(new Output("", ""));
    }

    @Test
    void environmentIsTheAgentsAndTheJobs() throws Exception {
        PreparedJob job = new PreparedJob(
                "job-1",
                "echo $CHEF_PUSH_NODE_NAME $CHEF_PUSH_JOB_ID \"$MINE\" ${PATH:+path} ${CHEF_PUSH_JOB_FILE:-nofile}",
                Optional.empty(),
                Optional.empty(),
                Map.of("MINE", "a  b", "CHEF_PUSH_JOB_ID", "forged"),
                Optional.empty(),
                true);

        assertThat(output(job).stdout()).isEqualTo(NODE + " job-1 a  b path nofile\n");
    }

    @Test
    void commandRunsInItsDirectory() throws Exception {
        PreparedJob job = new PreparedJob(
                "job-1", "pwd", Optional.empty(), Optional.of(directory), Map.of(), Optional.empty(), true);

        assertThat(output(job).stdout()).isEqualTo(directory.toRealPath() + "\n");
    }

    @Test
    void directoryThatVanishedMakesTheStartFail() {
        PreparedJob job = new PreparedJob(
                "job-1",
                "pwd",
                Optional.empty(),
                Optional.of(directory.resolve("gone")),
                Map.of(),
                Optional.empty(),
                true);

        assertThatThrownBy(() -> run(job)).hasMessageContaining("gone");
    }

    @Test
    void jobFileIsThereForTheCommandOnly() throws Exception {
        Path other = Files.createDirectories(directory.resolve("files")).resolve("pushy_file_of_somebody");
        Files.createFile(other);

        String[] lines = output(withFile(
                        "echo $CHEF_PUSH_JOB_FILE; stat -c '%a %u' $CHEF_PUSH_JOB_FILE; cat $CHEF_PUSH_JOB_FILE",
                        "ü\0x"))
                .stdout()
                .split("\n");

        assertThat(lines[0]).startsWith(directory.resolve("files") + "/pushy_file");
        assertThat(lines[1]).isEqualTo("600 " + new Accounts().ownUid());
        assertThat(lines[2]).isEqualTo("ü\0x");
        assertThat(directory.resolve("files")).isDirectoryContaining(path -> path.equals(other));
        assertThat(Path.of(lines[0])).doesNotExist();
    }

    @Test
    void jobFileIsRemovedWhenTheStartFails() throws Exception {
        PreparedJob job = new PreparedJob(
                "job-1",
                "pwd",
                Optional.empty(),
                Optional.of(directory.resolve("gone")),
                Map.of(),
                Optional.of(new byte[] {1}),
                true);

        assertThatThrownBy(() -> run(job)).hasMessageContaining("gone");

        assertThat(directory.resolve("files")).isEmptyDirectory();
    }

    @Test
    void jobFileIsNotWrittenWhereOthersCouldExchangeIt() throws Exception {
        Files.createDirectories(directory.resolve("files"));
        Files.setPosixFilePermissions(directory.resolve("files"), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> run(withFile("cat", "secret"))).hasMessageContaining("can be written by others");

        assertThat(directory.resolve("files")).isEmptyDirectory();
    }

    @Test
    void commandRunsAsItsUser() throws Exception {
        assumeTrue(new Accounts().ownUid() == Accounts.ROOT, "only root can run commands as another user");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Account nobody = new Accounts().find("nobody").orElseThrow();
        PreparedJob job = new PreparedJob(
                "job-1",
                "id -un; id -u; id -g; id -G; cat $CHEF_PUSH_JOB_FILE",
                Optional.of(nobody),
                Optional.empty(),
                Map.of(),
                Optional.of("mine".getBytes(StandardCharsets.UTF_8)),
                true);

        Output output = output(job);

        assertThat(output.stdout())
                .isEqualTo("nobody\n" + nobody.uid() + "\n" + nobody.gid() + "\n" + nobody.gid() + "\nmine");
    }

    @Test
    void variablesOfTheJobChangeNothingBeforeItsUserIsSwitchedTo() throws Exception {
        assumeTrue(new Accounts().ownUid() == Accounts.ROOT, "only root can run commands as another user");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path trap = directory.resolve("setpriv");
        Files.writeString(trap, "#!/bin/sh\necho caught\n");
        Files.setPosixFilePermissions(trap, PosixFilePermissions.fromString("rwxr-xr-x"));
        Account nobody = new Accounts().find("nobody").orElseThrow();
        Map<String, String> unsafe = Stream.of(
                        "LD_LIBRARY_PATH LD_AUDIT LD_DEBUG_OUTPUT LD_PROFILE LD_BIND_NOW GCONV_PATH GETCONF_DIR"
                                + " GLIBC_TUNABLES HOSTALIASES LOCALDOMAIN LOCPATH MALLOC_TRACE MALLOC_ARENA_MAX"
                                + " MALLOC_PERTURB_ NIS_PATH NLSPATH RESOLV_HOST_CONF RES_OPTIONS TMPDIR TZDIR")
                .flatMap(names -> Stream.of(names.split(" ")))
                .collect(Collectors.toMap(name -> name, _ -> ""));
        Map<String, String> variables = new HashMap<>(unsafe);
        variables.put("PATH", directory + ":/usr/bin:/bin");
        variables.put("LD_LIBRARY_PATH", "/some/where");
        PreparedJob job = new PreparedJob(
                "job-1",
                "id -un; echo $LD_LIBRARY_PATH; echo ${TZDIR-lost}",
                Optional.of(nobody),
                Optional.empty(),
                variables,
                Optional.empty(),
                true);

        assertThat(output(job).stdout()).isEqualTo("nobody\n/some/where\n\n");
        assertThat(runner.processBuilder(job, Optional.empty(), ProcessBuilder.Redirect.DISCARD)
                        .environment())
                .doesNotContainKeys(unsafe.keySet().toArray(String[]::new));
    }

    @Test
    void whateverGoesWrongBeforeTheStartIsToldAsAFailedStart() throws Exception {
        CommandRunner broken = new CommandRunner("web-1", () -> {
            throw new IllegalStateException("a defect");
        });
        Recorded recorded = new Recorded();

        Execution execution = broken.start(job("true"), LIMITS, recorded);

        assertThatThrownBy(recorded::awaitEnd).hasMessageContaining("IllegalStateException: a defect");
        assertThat(execution.awaitEnd(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void commandThatCannotBeWatchedIsEndedAndReported() throws Exception {
        Recorded recorded = new Recorded();
        ExecutionListener broken = new ExecutionListener() {
            @Override
            public void started(Optional<OutputSpool> output) {
                recorded.started(output);
            }

            @Override
            public void startFailed(String reason) {
                recorded.startFailed(reason);
            }

            @Override
            public void outputGrew() {
                throw new IllegalStateException("a defect");
            }

            @Override
            public void timingOut() {
                recorded.timingOut();
            }

            @Override
            public void ended(CommandOutcome outcome) {
                recorded.ended(outcome);
            }
        };

        runner.start(job("echo $$ > " + directory + "/pids; echo x; exec sleep 1000"), LIMITS, broken);

        CommandOutcome outcome = recorded.awaitEnd();
        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.output().orElseThrow().isSealed()).isTrue();
        assertThat(pids()).hasSize(1).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    }

    @Test
    void outputIsNotWrittenWhereOthersCouldExchangeItsFile() throws Exception {
        Files.createDirectories(directory.resolve("files"));
        Files.setPosixFilePermissions(directory.resolve("files"), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> run(job("echo x"))).hasMessageContaining("can be written by others");
        assertThatThrownBy(() -> RunningMark.set(directory.resolve("files"), NODE, "job-1"))
                .hasMessageContaining("can be written by others");
        assertThatThrownBy(() -> RunningMark.leftBehind(directory.resolve("files"), NODE))
                .hasMessageContaining("can be written by others");
        assertThat(directory.resolve("files")).isEmptyDirectory();
    }

    @Test
    void childThatIsLeftBehindDoesNotKeepTheJobRunning() throws Exception {
        long begin = System.nanoTime();

        Output output = output(job("sleep 60 & echo $! > " + directory + "/pids; echo done"));

        assertThat(output.stdout()).isEqualTo("done\n");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        ProcessHandle child = processes(1).getFirst();
        assertThat(child.isAlive()).isTrue();
        child.destroyForcibly();
    }

    @Test
    void killEndsTheWholeGroup() throws Exception {
        Recorded recorded = new Recorded();
        Execution execution = runner.start(
                job("sleep 100 & echo $! >> " + directory + "/pids; (sleep 100; true) & echo $! >> " + directory
                        + "/pids; echo $$ >> " + directory + "/pids; wait"),
                LIMITS,
                recorded);
        List<ProcessHandle> processes = processes(3);

        execution.kill();

        assertThat(recorded.awaitEnd().exitStatus()).isEqualTo(128 + 15);
        assertThat(processes).noneMatch(ExecutionIT::runs);
    }

    @Test
    void killEndsChildrenThatIgnoreTermThoughTheirParentHasGone() throws Exception {
        Recorded recorded = new Recorded();
        Execution execution = runner.start(
                job("(trap '' TERM; while :; do sleep 0.1; done) & echo $! >> " + directory + "/pids; echo $$ >> "
                        + directory + "/pids; wait"),
                LIMITS,
                recorded);
        List<ProcessHandle> processes = processes(2);
        long begin = System.nanoTime();

        execution.kill();

        recorded.awaitEnd();
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(4900), Duration.ofSeconds(15));
        assertThat(processes).noneMatch(ExecutionIT::runs);
    }

    @Test
    void killEndsAlsoChildrenThatMadeASessionOfTheirOwnAndLostTheirParent() throws Exception {
        Recorded recorded = new Recorded();
        Execution execution = runner.start(
                job("(setsid sh -c 'trap \"\" TERM; echo $$ >> " + directory + "/pids; sleep 100; sleep 100' &); "
                        + "echo $$ >> " + directory + "/pids; sleep 100"),
                LIMITS,
                recorded);
        List<ProcessHandle> processes = processes(2);
        Until.isTrue("a child has its own session", () -> processes.stream().allMatch(ExecutionIT::isSessionLeader));

        execution.kill();

        recorded.awaitEnd();
        assertThat(processes).noneMatch(ExecutionIT::runs);
    }

    @Test
    void killLeavesOtherProcessesAlone() throws Exception {
        Recorded recorded = new Recorded();
        // one that looks like the job of another node, and one of another job of this node
        ProcessBuilder ofOtherNode = new ProcessBuilder("sleep", "100");
        ofOtherNode.environment().putAll(Map.of("CHEF_PUSH_JOB_ID", "job-1", "CHEF_PUSH_NODE_NAME", NODE + "0"));
        ProcessBuilder ofOtherJob = new ProcessBuilder("sleep", "100");
        ofOtherJob.environment().putAll(Map.of("CHEF_PUSH_JOB_ID", "job-10", "CHEF_PUSH_NODE_NAME", NODE));
        List<Process> others =
                List.of(new ProcessBuilder("sleep", "100").start(), ofOtherNode.start(), ofOtherJob.start());
        Execution execution = runner.start(
                job("env -u CHEF_PUSH_JOB_ID setsid --fork sh -c 'echo $$ >> " + directory
                        + "/pids; sleep 100; true'; echo $$ >> " + directory + "/pids; sleep 100"),
                LIMITS,
                recorded);
        List<ProcessHandle> processes = processes(2);
        ProcessHandle ownSession = processes.stream()
                .filter(process -> ProcessHandle.current().descendants().noneMatch(process::equals))
                .findFirst()
                .orElseThrow();

        execution.kill();

        recorded.awaitEnd();
        assertThat(ownSession.isAlive()).isTrue();
        assertThat(others).allMatch(Process::isAlive);
        ownSession.children().forEach(ProcessHandle::destroyForcibly);
        ownSession.destroyForcibly();
        others.forEach(Process::destroyForcibly);
    }

    @Test
    void commandWhoseRunTimeIsOverIsEnded() throws Exception {
        Recorded recorded = new Recorded();
        long begin = System.nanoTime();
        runner.start(
                job("echo before; sleep 100"),
                new RunLimits(CAPTURE_LIMIT_BYTES, Optional.of(Duration.ofSeconds(1))),
                recorded);

        CommandOutcome outcome = recorded.awaitEnd();

        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(950), Duration.ofSeconds(15));
        assertThat(recorded.toldOfTimingOut()).isTrue();
        assertThat(outcome.timedOut()).isTrue();
        assertThat(outcome.exitStatus()).isEqualTo(128 + 15);
        assertThat(outcome.signal()).contains("TERM");
        assertThat(outcome.output().orElseThrow().within(CAPTURE_LIMIT_BYTES)).contains(new Output("before\n", ""));
    }

    @Test
    void commandThatEndsInTimeHasNotTimedOut() throws Exception {
        Recorded recorded = new Recorded();
        runner.start(job("exit 3"), new RunLimits(CAPTURE_LIMIT_BYTES, Optional.of(Duration.ofMinutes(1))), recorded);

        CommandOutcome outcome = recorded.awaitEnd();

        assertThat(outcome.timedOut()).isFalse();
        assertThat(recorded.toldOfTimingOut()).isFalse();
        assertThat(outcome.signal()).isEmpty();
    }

    @Test
    void outputCanBeReadWhileTheCommandRuns() throws Exception {
        Recorded recorded = new Recorded();
        Execution execution = runner.start(job("printf 'a\\377\\0b'; sleep 100"), LIMITS, recorded);
        OutputSpool output = recorded.awaitStart().orElseThrow();

        Until.isTrue("output is there", () -> output.size(OutputChannel.STDOUT) == 4);

        assertThat(output.read(OutputChannel.STDOUT, 1, 100)).containsExactly(0xff, 0, 'b');
        assertThat(recorded.growths()).isPositive();
        assertThat(output.isSealed()).isFalse();
        assertThat(directory.resolve("files")).isDirectoryNotContaining("glob:**pushy_output*");
        execution.kill();
        recorded.awaitEnd();
        assertThat(output.isSealed()).isTrue();
    }

    @Test
    void fiftyMegabytesOnEachChannelAreTakenAndMostIsDropped() throws Exception {
        int bytes = 50 * 1024 * 1024;
        int limit = 1024 * 1024;
        Recorded recorded = new Recorded();
        runner.start(
                job("head -c " + bytes + " /dev/zero & head -c " + bytes + " /dev/zero >&2; wait"),
                new RunLimits(limit, Optional.empty()),
                recorded);

        OutputSpool output = recorded.awaitEnd().output().orElseThrow();

        for (OutputChannel channel : OutputChannel.values()) {
            assertThat(output.droppedBytes(channel)).isEqualTo(bytes - limit);
        }
    }

    @Test
    void whatAKilledAgentLeftRunningIsEndedByTheNext() throws Exception {
        // given a command as an agent starts it, and its mark without the agent's lock
        Path files = directory.resolve("files");
        ProcessBuilder left = runner.processBuilder(
                job("(setsid sh -c 'trap \"\" TERM; echo $$ >> " + directory
                        + "/pids; sleep 100; sleep 100' &); echo $$ >> " + directory + "/pids; sleep 100"),
                Optional.empty(),
                ProcessBuilder.Redirect.DISCARD);
        left.start();
        List<ProcessHandle> processes = processes(2);
        Process other = new ProcessBuilder("sleep", "100").start();
        RunningMark mark = RunningMark.set(files, NODE, "job-1");
        Path copy = Files.copy(markFile(files), directory.resolve("copy"));

        // when the agent still lives, nothing happens
        new Leftovers(files, NODE).end();
        assertThat(processes).allMatch(ExecutionIT::runs);

        // when it is gone, for agents of other names nothing happens either
        mark.close();
        Files.copy(copy, files.resolve(MARK_OF_WEB_1));
        new Leftovers(files, NODE + "0").end();
        assertThat(processes).allMatch(ExecutionIT::runs);
        new Leftovers(files, NODE).end();

        // then
        assertThat(processes).noneMatch(ExecutionIT::runs);
        assertThat(other.isAlive()).isTrue();
        assertThat(files).isEmptyDirectory();
        other.destroyForcibly();
    }

    private static final String MARK_OF_WEB_1 =
            "pushy_running_" + UUID.nameUUIDFromBytes(NODE.getBytes(StandardCharsets.UTF_8));

    private static Path markFile(Path files) {
        return files.resolve(MARK_OF_WEB_1);
    }

    @Test
    void markIsThereWhileTheCommandRuns() throws Exception {
        Recorded recorded = new Recorded();
        Execution execution = runner.start(job("sleep 100"), LIMITS, recorded);
        recorded.awaitStart();

        assertThat(markFile(directory.resolve("files"))).hasContent("job-1");

        execution.kill();
        recorded.awaitEnd();
        assertThat(directory.resolve("files")).isEmptyDirectory();
    }

    @Test
    void killBeforeTheStartEndsTheCommandAsWell() throws Exception {
        Recorded recorded = new Recorded();

        runner.start(job("sleep 100"), LIMITS, recorded).kill();

        assertThat(recorded.awaitEnd().succeeded()).isFalse();
    }

    @Test
    void killAfterTheEndDoesNothing() throws Exception {
        Recorded recorded = new Recorded();
        Execution execution = runner.start(job("true"), LIMITS, recorded);
        recorded.awaitEnd();

        execution.kill();

        assertThat(execution.awaitEnd(Duration.ZERO)).isTrue();
        assertThat(recorded.awaitEnd().succeeded()).isTrue();
    }

    @Test
    void endIsAwaitedNoLongerThanAllowed() throws Exception {
        Recorded recorded = new Recorded();
        Execution execution = runner.start(job("sleep 100"), LIMITS, recorded);
        recorded.awaitStart();

        assertThat(execution.awaitEnd(Duration.ofMillis(50))).isFalse();
        assertThat(recorded.hasEnded()).isFalse();

        execution.kill();
        assertThat(execution.awaitEnd(Duration.ofSeconds(20))).isTrue();
    }

    /** A zombie does not run; whoever is process 1 here may be slow to take it away. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isSessionLeader(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[3]) == process.pid();
        } catch (IOException e) {
            return false;
        }
    }
}
