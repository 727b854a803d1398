package org.pushjobs.simulator;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.server.PushJobsServer;
import org.pushjobs.simulator.bench.bed.Programs;

/** The programs with the class path of the tests, as nothing may be packaged yet. */
public final class JavaPrograms {
    private JavaPrograms() {}

    public static Programs get() {
        return new Programs(command(PushJobsServer.class), command(Simulate.class));
    }

    /** The same, but the server from jars only, as the cache of a JVM wants it. */
    public static Programs withPackagedServer() {
        String jars = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
        return new Programs(command(PushJobsServer.class, jars), command(Simulate.class));
    }

    private static List<String> command(Class<?> program) {
        return command(program, System.getProperty("java.class.path"));
    }

    private static List<String> command(Class<?> program, String classPath) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                program.getName());
    }
}
