package org.pushjobs.server.roles;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.secrets.Secrets;
import org.pushjobs.server.cluster.Members;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.facts.TermLocation;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.Database;

/**
 * What the roles of a process have in common. Usable from any thread.
 *
 * @param process its id, another one in each life
 * @param members of the cluster; empty for a process that is alone
 * @param clock goes on steadily when {@code machineClock} jumps
 * @param membership what makes the process part of its cluster
 * @param term which one there is
 * @param contacts what agents tried in vain
 */
public record Shared(
        Vertx vertx,
        String process,
        Optional<Members> members,
        ServerConfig config,
        Secrets secrets,
        ServerMetrics metrics,
        Clock clock,
        Clock machineClock,
        Database database,
        Directory directory,
        Membership membership,
        TermLocation term,
        ContactLog contacts) {
    public Shared {
        Objects.requireNonNull(vertx, "vertx");
        Objects.requireNonNull(process, "process");
        Objects.requireNonNull(members, "members");
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(secrets, "secrets");
        Objects.requireNonNull(metrics, "metrics");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(machineClock, "machineClock");
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(membership, "membership");
        Objects.requireNonNull(term, "term");
        Objects.requireNonNull(contacts, "contacts");
    }
}
