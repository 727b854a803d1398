package org.pushjobs.simulator;

import java.nio.file.Path;
import java.util.List;
import org.pushjobs.server.PushJobsServer;
import org.pushjobs.simulator.bench.bed.Programs;

/** The programs with the class path of the tests, as nothing may be packaged yet. */
public final class JavaPrograms {
    private JavaPrograms() {}

    public static Programs get() {
        return new Programs(command(PushJobsServer.class), command(Simulate.class));
    }

    private static List<String> command(Class<?> program) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName());
    }
}
