package org.pushjobs.simulator.diary;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A diary in a file, a line each; a thread of its own writes it. What does not fit into its queue ends the process's work. */
public final class DiaryFile implements Diary {
    private static final int MOST_WAITING = 1_000_000;
    private static final long FLUSH_MILLIS = 50;
    private static final long CLOSE_MILLIS = 5_000;

    private final Clock clock;
    private final BufferedWriter file;
    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread writer;
    private volatile boolean closing;

    /** Appends to the file, which is made when it is not there. */
    public DiaryFile(Path path, Clock clock) throws IOException {
        this.clock = clock;
        this.file = Files.newBufferedWriter(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        this.writer = Thread.ofPlatform().daemon().name("diary").start(this::write);
    }

    /** @throws IllegalStateException when a million lines wait: a diary with gaps would tell lies */
    @Override
    public void note(Entry.What what, String node, Optional<String> jobId) {
        waiting.add(new Entry(clock.millis(), what, node, jobId).line());
    }

    private void write() {
        try (file) {
            while (!closing || !waiting.isEmpty()) {
                String line = waiting.poll(FLUSH_MILLIS, TimeUnit.MILLISECONDS);
                if (line == null) {
                    file.flush();
                } else {
                    file.write(line + "\n");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the diary cannot be written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes what waits; takes up to {@value #CLOSE_MILLIS} ms. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
