package org.pushjobs.agent.settings;

import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.util.Map;
import java.util.Objects;

/**
 * What an agent has to know before it asks its server for the rest. Made by {@link SettingsDraft} from files and options,
 * or by {@link #of} inside other programs. Never printed with its key.
 *
 * @param server the organisation's address
 * @param nodeName the node's name, and the name that requests are signed with
 * @param clientKey signs requests and opens the session key
 * @param fileDir where job files are written
 * @param whitelist from a job's command to the command line that runs for it
 * @param allowUnencrypted whether a server that offers no CURVE key is accepted
 * @param maxBodySizeBytes largest message with captured output, and the most that is kept of either stream
 * @param log where the program logs; an embedded agent leaves it alone
 */
public record AgentSettings(
        ServerUrl server,
        String nodeName,
        RSAPrivateKey clientKey,
        Path fileDir,
        Map<String, String> whitelist,
        boolean allowUnencrypted,
        int maxBodySizeBytes,
        LogSettings log) {
    /** Default of {@code file_dir}. */
    public static final Path DEFAULT_FILE_DIR = Path.of("/tmp/chef-push");

    /** Default of {@code whitelist}. */
    public static final Map<String, String> DEFAULT_WHITELIST = Map.of("chef-client", "chef-client");

    /** Default of {@code max_body_size}, in bytes. */
    public static final int DEFAULT_MAX_BODY_SIZE_BYTES = 63_000;

    public AgentSettings {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(nodeName, "nodeName");
        Objects.requireNonNull(clientKey, "clientKey");
        Objects.requireNonNull(fileDir, "fileDir");
        whitelist = Map.copyOf(whitelist);
        Objects.requireNonNull(log, "log");
    }

    /** Settings with all defaults. */
    public static AgentSettings of(ServerUrl server, String nodeName, RSAPrivateKey clientKey) {
        return new AgentSettings(
                server,
                nodeName,
                clientKey,
                DEFAULT_FILE_DIR,
                DEFAULT_WHITELIST,
                false,
                DEFAULT_MAX_BODY_SIZE_BYTES,
                LogSettings.DEFAULT);
    }

    public AgentSettings withWhitelist(Map<String, String> newWhitelist) {
        return new AgentSettings(
                server, nodeName, clientKey, fileDir, newWhitelist, allowUnencrypted, maxBodySizeBytes, log);
    }

    public AgentSettings withFileDir(Path newFileDir) {
        return new AgentSettings(
                server, nodeName, clientKey, newFileDir, whitelist, allowUnencrypted, maxBodySizeBytes, log);
    }

    /** Leaves out the key. */
    @Override
    public String toString() {
        return "AgentSettings[server=" + server + ", nodeName=" + nodeName + ", fileDir=" + fileDir + ", whitelist="
                + whitelist + ", allowUnencrypted=" + allowUnencrypted + ", maxBodySizeBytes=" + maxBodySizeBytes + "]";
    }
}
