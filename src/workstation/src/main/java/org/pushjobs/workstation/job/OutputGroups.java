package org.pushjobs.workstation.job;

import static org.pushjobs.workstation.screen.Screen.printable;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.workstation.remote.OutputChannel;
import org.pushjobs.workstation.remote.PushJobsClient;
import org.pushjobs.workstation.remote.RequestRefusedException;
import org.pushjobs.workstation.remote.ServerFailure;

/**
 * Which nodes of a job have written the same. What they wrote is read and not kept, so that only one node's output is in memory
 * at a time. Used by one thread.
 */
final class OutputGroups {
    /** So many of a group's nodes are named. */
    static final int NODES_NAMED = 5;

    private static final int NOT_FOUND = 404;

    private final PushJobsClient client;
    private final String id;
    private final List<OutputChannel> channels;
    private final Map<ByteBuffer, List<String>> groups = new LinkedHashMap<>();
    private final List<String> without = new ArrayList<>();

    /** @param channels what has to be the same */
    OutputGroups(PushJobsClient client, String id, List<OutputChannel> channels) {
        this.client = client;
        this.id = id;
        this.channels = channels;
    }

    /** Reads what a node wrote and puts it where it belongs. */
    void add(String node) throws ServerFailure, InterruptedException {
        MessageDigest digest = sha256();
        boolean any = false;
        for (OutputChannel channel : channels) {
            Optional<byte[]> output = output(node, channel);
            any |= output.isPresent();
            byte[] bytes = output.orElseGet(() -> new byte[0]);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        if (any) {
            groups.computeIfAbsent(ByteBuffer.wrap(digest.digest()), _ -> new ArrayList<>())
                    .add(node);
        } else {
            without.add(node);
        }
    }

    /** The nodes that wrote the same, the largest group first; in a group they are in the order in which they were added. */
    List<List<String>> groups() {
        return groups.values().stream()
                .sorted(Comparator.comparing((List<String> names) -> -names.size()))
                .toList();
    }

    /** Reads what these nodes wrote; {@link #groups}, and at the end those of which there is no output, not even an empty one. */
    List<List<String>> fold(List<String> nodes) throws ServerFailure, InterruptedException {
        for (String node : nodes) {
            add(node);
        }
        return without.isEmpty()
                ? groups()
                : Stream.concat(groups().stream(), Stream.of(without)).toList();
    }

    /** What a node wrote; empty when that is not there. */
    Optional<byte[]> output(String node, OutputChannel channel) throws ServerFailure, InterruptedException {
        try {
            return Optional.of(client.output(id, node, channel));
        } catch (RequestRefusedException e) {
            if (e.status() != NOT_FOUND) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** A group in words: its only node, or how many there are and the first of them. */
    static String title(List<String> names) {
        if (names.size() == 1) {
            return printable(names.getFirst());
        }
        return names.size() + " nodes: "
                + names.stream().limit(NODES_NAMED).map(name -> printable(name)).collect(Collectors.joining(", "))
                + (names.size() > NODES_NAMED ? ", ..." : "");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
