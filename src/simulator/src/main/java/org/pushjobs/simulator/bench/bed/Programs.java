package org.pushjobs.simulator.bench.bed;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the programs that are measured are started.
 *
 * @param server the beginning of the server's command line
 * @param simulator that of the simulator's
 */
public record Programs(List<String> server, List<String> simulator) {
    public Programs {
        server = List.copyOf(server);
        simulator = List.copyOf(simulator);
    }

    /** The scripts of a checkout. */
    public static Programs of(Path checkout) {
        return new Programs(
                List.of(checkout.resolve("bin/pushjobs-server").toString()),
                List.of(checkout.resolve("bin/simulate").toString()));
    }

    /** The same, but with another server. */
    public Programs withServer(Path program) {
        return new Programs(List.of(program.toString()), simulator);
    }

    /** The same, but the server's JVM writes a cache of what it has learnt when it ends. */
    Programs recorded(Path cache) {
        List<String> recordedServer = Stream.concat(
                        Stream.of("env", "JAVA_TOOL_OPTIONS=-XX:AOTCacheOutput='" + cache + "'"), server.stream())
                .toList();
        return new Programs(recordedServer, simulator);
    }

    List<String> server(String... arguments) {
        return Stream.concat(server.stream(), Stream.of(arguments)).toList();
    }

    List<String> simulator(String... arguments) {
        return Stream.concat(simulator.stream(), Stream.of(arguments)).toList();
    }
}
