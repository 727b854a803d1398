package org.pushjobs.ctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.testing.FakeMachine;
import org.pushjobs.ctl.testing.FakeMachine.Ran;

/** Two at once would undo each other's steps. */
class ConcurrentReconfigureIT {
    @TempDir
    private Path root;

    /** A process that is in the middle of one. */
    static final class Other {
        private Other() {}

        /** @param arguments the file that it has locked, until its input ends */
        public static void main(String[] arguments) throws IOException {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                System.out.println("locked");
                System.in.read();
            }
        }
    }

    @Test
    void secondOneIsRefusedUntilTheFirstHasEnded() throws Exception {
        FakeMachine machine = FakeMachine.empty(root);
        machine.settings("opscode_pushy_server['enable'] = false", "opscode_pushy_server['user'] = 'nobody'");
        Path lock = machine.write(machine.at("/run/lock/opscode-push-jobs-server-reconfigure.lock"), "");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        lock.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.getInputStream().read()).isEqualTo('l');
            Map<String, String> before = machine.contents();

            Ran ran = machine.run("reconfigure");

            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.err()).isEqualTo("another reconfigure is at work on this machine; wait for its end\n");
            assertThat(machine.contents()).isEqualTo(before);
            other.destroyForcibly().waitFor();
            assertThat(machine.run("reconfigure"))
                    .as("the lock goes with a process that is killed")
                    .returns(0, Ran::status);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }
}
