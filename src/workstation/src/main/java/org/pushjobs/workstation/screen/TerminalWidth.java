package org.pushjobs.workstation.screen;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The width of this process's terminal in columns, asked for again every two seconds: windows change. One thread. */
public final class TerminalWidth implements IntSupplier {
    private static final int USUAL = 80;
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final Pattern SIZE = Pattern.compile("[0-9]+ ([1-9][0-9]*)\\s*");

    private final InstantSource clock;
    private Instant askedAt = Instant.EPOCH;
    private int columns = USUAL;

    public TerminalWidth(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public int getAsInt() {
        Instant now = clock.instant();
        if (askedAt.plus(FRESH).isBefore(now)) {
            columns = ask();
            askedAt = now;
        }
        return columns;
    }

    /** By {@code stty}, which every Unix has; without an answer the usual width is taken. */
    private static int ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return USUAL;
            }
            Matcher size = SIZE.matcher(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            return size.matches() ? Integer.parseInt(size.group(1)) : USUAL;
        } catch (IOException | NumberFormatException _) {
            return USUAL;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return USUAL;
        }
    }
}
