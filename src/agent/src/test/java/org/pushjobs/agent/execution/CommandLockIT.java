package org.pushjobs.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.fake.Until;

/** Against flock(1) of util-linux, which locks as Ruby does. */
class CommandLockIT {
    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("lock");
    }

    /** The exit status of {@code flock -n}: 1 when somebody holds the lock. */
    private int flock() throws Exception {
        Process process = new ProcessBuilder("flock", "-n", file().toString(), "true").start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void othersSeeOurLockUntilItIsGivenBack() throws Exception {
        CommandLock lock = CommandLock.tryLock(file()).orElseThrow();
        assertThat(flock()).isEqualTo(1);

        lock.close();
        assertThat(flock()).isZero();

        lock.close();
        assertThat(Files.exists(file())).isTrue();
    }

    @Test
    void weSeeTheLockOfOthers() throws Exception {
        Path held = directory.resolve("held");
        Process holder = new ProcessBuilder(
                        "flock", "-n", file().toString(), "sh", "-c", "touch " + held + "; read line")
                .start();
        Until.isTrue("the other process holds the lock", () -> Files.exists(held));

        assertThat(CommandLock.tryLock(file())).isEmpty();

        holder.getOutputStream().close();
        assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Optional<CommandLock> lock = CommandLock.tryLock(file());
        assertThat(lock).isPresent();
        lock.get().close();
    }

    @Test
    void lockIsHadOnceInTheSameProcess() throws Exception {
        try (CommandLock lock = CommandLock.tryLock(file()).orElseThrow()) {
            assertThat(CommandLock.tryLock(file())).isEmpty();
            assertThat(lock).isNotNull();
        }
        CommandLock.tryLock(file()).orElseThrow().close();
    }

    @Test
    void commandsDoNotInheritTheLock() throws Exception {
        CommandLock lock = CommandLock.tryLock(file()).orElseThrow();
        Process child = new ProcessBuilder("sleep", "1000").start();
        lock.close();

        try {
            assertThat(flock()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void kernelGivesTheLockBackWhenTheProcessIsKilled() throws Exception {
        Path held = directory.resolve("held");
        Process holder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file().toString(),
                        held.toString()))
                .inheritIO()
                .start();
        Until.isTrue("the other process holds the lock", () -> Files.exists(held));
        assertThat(CommandLock.tryLock(file())).isEmpty();

        holder.destroyForcibly().onExit().join();

        CommandLock.tryLock(file()).orElseThrow().close();
    }

    /** A program that takes a lock and waits to be killed. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException, InterruptedException {
            CommandLock.tryLock(Path.of(arguments[0])).orElseThrow();
            Files.createFile(Path.of(arguments[1]));
            Thread.currentThread().join();
        }
    }

    @Test
    void fileThatCannotBeOpenedIsToldOf() {
        Path none = directory.resolve("none/lock");

        assertThatThrownBy(() -> CommandLock.tryLock(none))
                .isInstanceOf(IOException.class)
                .hasMessage(none + " cannot be opened: No such file or directory");
    }
}
