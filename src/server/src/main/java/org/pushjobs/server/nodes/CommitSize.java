package org.pushjobs.server.nodes;

import java.util.Optional;
import org.pushjobs.protocol.codec.ServerMessageCodec;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.Capabilities;

/**
 * How large the body of a commit can get, in bytes.
 *
 * @param plainBytes for agents of protocol 2.0
 * @param extendedBytes for agents of protocol 2.1
 */
public record CommitSize(int plainBytes, int extendedBytes) {
    /** The run time. */
    private static final int EXTENSIONS_BYTES = ",\"run_timeout\":2147483647".length();

    /** Empty for messages that are no commits: they are small. */
    public static Optional<CommitSize> of(ServerMessage message) {
        return message instanceof ServerMessage.Commit commit ? Optional.of(of(commit)) : Optional.empty();
    }

    /** Writes it once to see. */
    public static CommitSize of(ServerMessage.Commit commit) {
        int plain = ServerMessageCodec.maxSize(Commands.withoutExtensions(commit));
        return new CommitSize(plain, plain + EXTENSIONS_BYTES);
    }

    /**
     * Whether an agent would drop a commit of this size.
     *
     * @param node its name
     * @param usualBytes what every agent takes: {@code max_body_size}
     */
    public Optional<TooLarge> refusedBy(String node, Capabilities agent, int usualBytes) {
        int bytes = agent.extended() ? extendedBytes : plainBytes;
        int limit = Math.max(usualBytes, agent.maxCommitBytes());
        return bytes <= limit ? Optional.empty() : Optional.of(new TooLarge(node, bytes, limit));
    }
}
