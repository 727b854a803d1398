package org.pushjobs.config;

import java.net.URI;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.Objects;

/** Where organisations, users, clients and groups come from. */
public sealed interface DirectoryConfig {
    /**
     * The server's own database.
     *
     * @param cacheTime how long what it said of users, clients and groups counts; zero for not at all
     */
    record Standalone(Duration cacheTime) implements DirectoryConfig {
        /** Where nothing else is said. */
        public static final Duration DEFAULT_CACHE_TIME = Duration.ofSeconds(2);

        public Standalone {
            Objects.requireNonNull(cacheTime, "cacheTime");
        }
    }

    /**
     * A Chef server. Never printed with its key.
     *
     * @param rootUrl {@code http} or {@code https}, without a path; gets the signed requests
     * @param internalHost of erchef itself, which answers unsigned requests
     * @param internalPort of the same
     * @param superuserName signs the requests
     * @param superuserKey with this key
     * @param trust whom to take for the Chef server, when the root URL is https
     * @param cacheTime how long what it said of users, clients and groups counts; zero for never
     * @param connectTimeout until there is a connection for a look-up, new or free again
     * @param answerTimeout from then until the answer is complete
     * @param maxConnections to each of the two addresses
     * @param maxWaiting look-ups that wait for a connection to one of them; more fail at once
     */
    record ChefServer(
            URI rootUrl,
            String internalHost,
            int internalPort,
            String superuserName,
            RSAPrivateKey superuserKey,
            TlsTrust trust,
            Duration cacheTime,
            Duration connectTimeout,
            Duration answerTimeout,
            int maxConnections,
            int maxWaiting)
            implements DirectoryConfig {
        public ChefServer {
            Objects.requireNonNull(rootUrl, "rootUrl");
            Objects.requireNonNull(internalHost, "internalHost");
            Objects.requireNonNull(superuserName, "superuserName");
            Objects.requireNonNull(superuserKey, "superuserKey");
            Objects.requireNonNull(trust, "trust");
            Objects.requireNonNull(cacheTime, "cacheTime");
            Objects.requireNonNull(connectTimeout, "connectTimeout");
            Objects.requireNonNull(answerTimeout, "answerTimeout");
        }

        @Override
        public String toString() {
            return "ChefServer[" + superuserName + "@" + rootUrl + ", " + internalHost + ":" + internalPort + "]";
        }
    }
}
