package org.pushjobs.workstation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.workstation.remote.Connector;
import org.pushjobs.workstation.screen.CalledAs;
import org.pushjobs.workstation.screen.Display;
import org.pushjobs.workstation.screen.PlainProgress;
import org.pushjobs.workstation.screen.Screen;
import org.pushjobs.workstation.settings.SettingsSources;

/** Runs commands as user alice against a {@link ScriptedServer}; pauses take no time, they only move the clock. */
final class Workstation implements AutoCloseable {
    /** What a command left behind. */
    record Result(int exitCode, byte[] outBytes, String err) {
        String out() {
            return new String(outBytes, StandardCharsets.UTF_8);
        }
    }

    private static final KeyPair ALICE = PemKeys.generate();

    private final List<Duration> pauses = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private final ScriptedServer server;
    private final Path home;
    private volatile Instant now = Instant.now();

    Workstation(Path directory) {
        InstantSource clock = () -> now;
        this.home = directory;
        this.server = new ScriptedServer((RSAPublicKey) ALICE.getPublic(), clock);
        Path key = directory.resolve("alice.pem");
        try {
            Files.writeString(key, PemKeys.toPem((RSAPrivateKey) ALICE.getPrivate()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.put("PUSHJOBS_USER", "alice");
        environment.put("PUSHJOBS_KEY", key.toString());
        environment.put("PUSHJOBS_SERVER_URL", server.url());
    }

    ScriptedServer server() {
        return server;
    }

    /** The user's home directory. */
    Path home() {
        return home;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Moves the clock. */
    void pass(Duration duration) {
        now = now.plus(duration);
    }

    Instant now() {
        return now;
    }

    List<Duration> pauses() {
        return pauses;
    }

    Result run(String... arguments) {
        return runAs("pushjobs", arguments);
    }

    /** @param name under which the program is called */
    Result runAs(String name, String... arguments) {
        return run(name, new Display(CalledAs.of(name), false, false), arguments);
    }

    /** On a terminal, without colours. */
    Result runOnTerminal(String... arguments) {
        return run("pushjobs", new Display(CalledAs.PUSHJOBS, true, false), arguments);
    }

    private Result run(String name, Display display, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Screen screen = new Screen(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                PlainProgress::new,
                display);
        InstantSource clock = () -> now;
        Connector connector = new Connector(new SettingsSources(environment, home, home), clock, screen.err()::println);
        int exitCode = new CommandTree(name, screen, connector, clock, this::pause, _ -> () -> {}).run(arguments);
        return new Result(exitCode, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    private void pause(Duration duration) {
        pauses.add(duration);
        now = now.plus(duration);
    }

    @Override
    public void close() {
        server.close();
    }
}
