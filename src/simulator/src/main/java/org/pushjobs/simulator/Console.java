package org.pushjobs.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.pushjobs.simulator.fleet.Fleet;
import org.pushjobs.simulator.report.Reporter;

/** Takes commands for a fleet from a stream, a line each. An unknown line is answered with those that are known. */
final class Console {
    static final String COMMANDS =
            "status, storm SHARE, start (all agents anew), stop (all agents), hush (no more heartbeats),"
                    + " finish (the commands that run), quit";

    private final Fleet fleet;
    private final Reporter reporter;
    private final InputStream in;
    private final PrintStream err;
    private final CountDownLatch quit = new CountDownLatch(1);

    Console(Fleet fleet, Reporter reporter, InputStream in, PrintStream err) {
        this.fleet = fleet;
        this.reporter = reporter;
        this.in = in;
        this.err = err;
    }

    /** Starts the agents, and a thread that reads; the end of the stream says nothing. */
    void start() {
        startAgents();
        Thread.ofPlatform().daemon().name("console").start(this::read);
    }

    private void startAgents() {
        reporter.started();
        fleet.start();
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                execute(line.strip());
            }
        } catch (IOException e) {
            err.println("no more commands can be read: " + e.getMessage());
        }
    }

    private void execute(String line) {
        String[] words = line.split("\\s+");
        switch (words[0]) {
            case "" -> {}
            case "status" -> reporter.print();
            case "storm" -> storm(line, words);
            case "start" -> startAgents();
            case "stop" -> fleet.stop();
            case "finish" -> fleet.finishCommands();
            case "hush" -> fleet.hush();
            case "quit" -> quit();
            default -> unknown(line);
        }
    }

    private void storm(String line, String[] words) {
        try {
            fleet.storm(Double.parseDouble(words[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            unknown(line);
        }
    }

    private void unknown(String line) {
        err.println("'" + line + "' is none of: " + COMMANDS);
    }

    /** Lets {@link #await} return. */
    void quit() {
        quit.countDown();
    }

    void await() throws InterruptedException {
        quit.await();
    }
}
