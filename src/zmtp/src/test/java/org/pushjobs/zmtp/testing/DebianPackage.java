package org.pushjobs.zmtp.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Debian packages that a test needs: installed where this is possible, else the test is skipped and says why. */
public final class DebianPackage {
    private static final Path APT_GET = Path.of("/usr/bin/apt-get");
    private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(3);

    private DebianPackage() {}

    public static void require(String name, Callable<Boolean> present) throws Exception {
        if (present.call()) {
            return;
        }
        boolean mayInstall = Files.isExecutable(APT_GET) && "root".equals(System.getProperty("user.name"));
        Assumptions.assumeTrue(mayInstall, name + " is missing and cannot be installed here (no apt-get, or not root)");
        Path log = Files.createTempFile("apt", ".log");
        try {
            run(INSTALL_TIMEOUT, log, List.of(APT_GET.toString(), "-q", "update"));
            run(
                    INSTALL_TIMEOUT,
                    log,
                    List.of(APT_GET.toString(), "-q", "-y", "--no-install-recommends", "install", name));
            boolean installed = present.call();
            String output = Files.readString(log);
            Assumptions.assumeTrue(installed, () -> name + " could not be installed: " + output);
        } finally {
            Files.delete(log);
        }
    }

    public static boolean isInstalled(String name) throws Exception {
        Path query = Path.of("/usr/bin/dpkg-query");
        return Files.isExecutable(query)
                && run(Duration.ofSeconds(20), Path.of("/dev/null"), List.of(query.toString(), "-s", name)) == 0;
    }

    /** The exit status; -1 when it took too long. */
    public static int run(Duration atMost, Path log, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        Process process = builder.start();
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }
}
