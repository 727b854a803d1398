package org.pushjobs.ctl.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs of the system that tests need beside Java's. */
public final class Programs {
    private static final int TO_INSTALL_SECONDS = 180;

    private Programs() {}

    /**
     * Where a program is; it is installed when it is not there. The test is skipped where that cannot be.
     *
     * @param debianPackage that has it
     */
    public static synchronized Path require(String name, String debianPackage)
            throws IOException, InterruptedException {
        Optional<Path> found = find(name);
        if (found.isEmpty() && Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
            install(debianPackage);
            found = find(name);
        }
        Assumptions.assumeTrue(
                found.isPresent(), "there is no " + name + " on this machine and it cannot be installed with apt-get");
        return found.orElseThrow();
    }

    private static Optional<Path> find(String name) {
        return Stream.concat(
                        Stream.of("/usr/sbin", "/usr/local/sbin"),
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Without starting a service of the package; a failure is seen by the caller, who then finds no program. */
    private static void install(String debianPackage) throws IOException, InterruptedException {
        for (String command :
                new String[] {"apt-get -q update", "apt-get -q -y install --no-install-recommends " + debianPackage}) {
            ProcessBuilder builder = new ProcessBuilder(command.split(" ")).inheritIO();
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            builder.environment().put("RUNLEVEL", "1");
            Process apt = builder.start();
            if (!apt.waitFor(TO_INSTALL_SECONDS, TimeUnit.SECONDS)) {
                apt.destroy();
            }
        }
    }
}
