package org.pushjobs.agent.settings;

import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pushjobs.agent.whitelist.Whitelist;
import org.pushjobs.chefhttp.ProxySettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.chefhttp.TlsSettings;
import org.pushjobs.chefhttp.TlsSettings.Verification;

/**
 * What an agent has to know before it asks its server for the rest. Made by {@link SettingsDraft} from files and options,
 * or by {@link #of} inside other programs. Never printed with its key.
 *
 * @param server the organisation's address
 * @param nodeName the node's name, and the name that requests are signed with
 * @param clientKey signs requests and opens the session key
 * @param allowUnencrypted whether a server that offers no CURVE key is accepted
 * @param tls of requests to the server
 * @param proxies of requests to the server
 * @param jobs what jobs may do here
 * @param log where the program logs; an embedded agent leaves it alone
 */
public record AgentSettings(
        ServerUrl server,
        String nodeName,
        RSAPrivateKey clientKey,
        boolean allowUnencrypted,
        TlsSettings tls,
        ProxySettings proxies,
        JobSettings jobs,
        LogSettings log) {
    /** Chef's: everything is checked, {@code /etc/chef/trusted_certs}. */
    public static final TlsSettings DEFAULT_TLS =
            new TlsSettings(Verification.PEER, Path.of("/etc/chef/trusted_certs"), List.of());

    public AgentSettings {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(nodeName, "nodeName");
        Objects.requireNonNull(clientKey, "clientKey");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(proxies, "proxies");
        Objects.requireNonNull(jobs, "jobs");
        Objects.requireNonNull(log, "log");
    }

    /** Settings with all defaults. */
    public static AgentSettings of(ServerUrl server, String nodeName, RSAPrivateKey clientKey) {
        return new AgentSettings(
                server,
                nodeName,
                clientKey,
                false,
                DEFAULT_TLS,
                ProxySettings.NONE,
                JobSettings.DEFAULT,
                LogSettings.DEFAULT);
    }

    /** Where job files are written. */
    public Path fileDir() {
        return jobs.fileDir();
    }

    /** Largest message with captured output. */
    public int maxBodySizeBytes() {
        return jobs.maxBodySizeBytes();
    }

    /** With a whitelist of exact commands. */
    public AgentSettings withWhitelist(Map<String, String> whitelist) {
        return withJobs(jobs.withWhitelist(Whitelist.of(whitelist)));
    }

    public AgentSettings withFileDir(Path fileDir) {
        return withJobs(jobs.withFileDir(fileDir));
    }

    public AgentSettings withJobs(JobSettings newJobs) {
        return new AgentSettings(server, nodeName, clientKey, allowUnencrypted, tls, proxies, newJobs, log);
    }

    public AgentSettings withUnencryptedAllowed() {
        return new AgentSettings(server, nodeName, clientKey, true, tls, proxies, jobs, log);
    }

    public AgentSettings withTls(TlsSettings newTls) {
        return new AgentSettings(server, nodeName, clientKey, allowUnencrypted, newTls, proxies, jobs, log);
    }

    public AgentSettings withProxies(ProxySettings newProxies) {
        return new AgentSettings(server, nodeName, clientKey, allowUnencrypted, tls, newProxies, jobs, log);
    }

    /** Leaves out the key. */
    @Override
    public String toString() {
        return "AgentSettings[server=" + server + ", nodeName=" + nodeName + ", allowUnencrypted=" + allowUnencrypted
                + ", tls=" + tls + ", fileDir=" + fileDir() + ", maxBodySizeBytes=" + maxBodySizeBytes() + "]";
    }
}
