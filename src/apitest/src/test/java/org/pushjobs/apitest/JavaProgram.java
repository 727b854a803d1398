package org.pushjobs.apitest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of this project, started from the class path of the tests. */
final class JavaProgram {
    private JavaProgram() {}

    /** @return a command line to which words may be added */
    static List<String> command(String mainClass, String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        command.addAll(List.of(words));
        return command;
    }
}
