package org.pushjobs.simulator.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What a benchmark ran on. */
final class Machine {
    private static final double KILOBYTES_PER_GIGABYTE = 1024.0 * 1024;
    private static final long GIT_TIMEOUT_SECONDS = 10;

    private Machine() {}

    /** One line: cores, processor, memory, system, Java. */
    static String description() throws IOException {
        return String.format(
                Locale.ROOT,
                "%d cores of %s, %.0f GB, Linux %s, Java %s (%s)",
                Runtime.getRuntime().availableProcessors(),
                field("/proc/cpuinfo", "model name"),
                Double.parseDouble(field("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / KILOBYTES_PER_GIGABYTE,
                System.getProperty("os.version"),
                System.getProperty("java.runtime.version"),
                System.getProperty("java.vm.vendor"));
    }

    private static String field(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("0");
    }

    /** The commit of a checkout, with a mark when something is not committed; "unknown" without git. */
    static String commit(Path checkout) throws InterruptedException {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*")
                    .directory(checkout.toFile())
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor(GIT_TIMEOUT_SECONDS, TimeUnit.SECONDS) && git.exitValue() == 0 ? answer : "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }
}
