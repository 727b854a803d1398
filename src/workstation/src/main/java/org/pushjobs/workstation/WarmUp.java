package org.pushjobs.workstation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.chefhttp.HostLookup;
import org.pushjobs.chefhttp.Route;
import org.pushjobs.chefhttp.ServerHost;
import org.pushjobs.chefhttp.ServerHttp;
import org.pushjobs.chefhttp.TimeLimits;
import org.pushjobs.chefhttp.TlsContexts;

/**
 * Has the Java runtime get ready, on a thread of its own, for what every request needs, while the command line and the settings
 * are read: most of a command's time is that of classes that are used for the first time (docs/decisions/0019).
 */
final class WarmUp {
    private static final Set<String> ASKING = Set.of("job", "node", "push", "whoami", "doctor");
    private static final Set<String> NOT_ASKING = Set.of("-h", "--help", "-v", "--version");

    private WarmUp() {}

    /** Does nothing for command lines that ask no server. */
    static void begin(List<String> arguments) {
        if (!arguments.isEmpty()
                && ASKING.contains(arguments.getFirst())
                && arguments.stream().noneMatch(NOT_ASKING::contains)) {
            Thread.ofPlatform().daemon().name("warm-up").start(WarmUp::run);
        }
    }

    /** By our own client, which has something to set before the JDK's is used for the first time. */
    private static void run() {
        Route nowhere = new Route(new ServerHost("localhost", 1), Optional.empty(), TlsContexts.believingNobody());
        TimeLimits limits = new TimeLimits(Duration.ofSeconds(1), Duration.ofSeconds(1));
        new ServerHttp(nowhere, limits, HostLookup.OF_THIS_MACHINE, InstantSource.system()).close();
        try {
            Signature.getInstance("SHA256withRSA");
            new ObjectMapper().readTree("[{}]");
        } catch (NoSuchAlgorithmException | JsonProcessingException e) {
            throw new IllegalStateException("every Java can do this", e);
        }
    }
}
