package org.pushjobs.simulator.bench;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pushjobs.simulator.bench.bed.BenchException;

/** A profile of another JVM on this machine, by async-profiler: where its CPU time goes. */
public final class Profile {
    /** None is taken. */
    public static final Profile NONE = new Profile(Optional.empty(), Duration.ZERO);

    private static final String LIBRARY = "/linux-x64/libasyncProfiler.so";
    /** Counts CPU time of each thread without perf events, which containers mostly forbid. */
    private static final String START = "start,event=ctimer,interval=1ms";

    private static final int FRAMES_SHOWN = 30;

    private final Optional<Path> file;
    private final Duration time;

    private Profile(Optional<Path> file, Duration time) {
        this.file = file;
        this.time = time;
    }

    /** @param file for a summary; the stacks go to a file of the same name with {@code .collapsed} behind it */
    public static Profile to(Path file, Duration time) {
        return new Profile(Optional.of(file.toAbsolutePath()), time);
    }

    /** Takes it, if one is wanted. */
    public void take(long pid, Consumer<String> progress) throws IOException, InterruptedException {
        if (file.isEmpty()) {
            return;
        }
        Path library = Files.createTempFile("async-profiler", ".so");
        Path stacks = file.get().resolveSibling(file.get().getFileName() + ".collapsed");
        try (InputStream in = Profile.class.getResourceAsStream(LIBRARY)) {
            if (in == null) {
                throw new BenchException("async-profiler has no library for this platform: " + LIBRARY);
            }
            Files.write(library, in.readAllBytes());
            progress.accept("profiling the server for " + time.toSeconds() + " s");
            VirtualMachine server = VirtualMachine.attach(Long.toString(pid));
            try {
                server.loadAgentPath(library.toString(), START);
                Thread.sleep(time);
                server.loadAgentPath(library.toString(), "stop,collapsed,file=" + stacks);
            } finally {
                server.detach();
            }
        } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
            throw new BenchException("the server cannot be profiled", e);
        } finally {
            Files.deleteIfExists(library);
        }
        Files.writeString(file.get(), summary(Files.readAllLines(stacks)));
        progress.accept("profile: " + file.get());
    }

    /** @param stacks {@code frame;frame;frame count}, the outermost first */
    static String summary(List<String> stacks) {
        Map<String, Long> self = new HashMap<>();
        Map<String, Long> inclusive = new HashMap<>();
        long samples = 0;
        for (String stack : stacks) {
            int blank = stack.lastIndexOf(' ');
            long count = Long.parseLong(stack.substring(blank + 1));
            List<String> frames = Arrays.asList(stack.substring(0, blank).split(";"));
            Set<String> seen = new HashSet<>(frames);
            self.merge(frames.getLast(), count, Long::sum);
            seen.forEach(frame -> inclusive.merge(frame, count, Long::sum));
            samples += count;
        }
        return samples + " samples\n\nTime in a frame itself:\n" + top(self, samples)
                + "\nTime in a frame and in what it calls:\n" + top(inclusive, samples);
    }

    private static String top(Map<String, Long> counts, long samples) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(FRAMES_SHOWN)
                .map(frame -> String.format(
                        Locale.ROOT, "%5.1f %%  %s%n", 100.0 * frame.getValue() / samples, frame.getKey()))
                .collect(Collectors.joining());
    }
}
