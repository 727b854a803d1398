package org.pushjobs.config.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this machine as other machines most probably know it. */
final class LocalHostName {
    private LocalHostName() {}

    /**
     * The fully qualified name if the resolver knows one, else the host name, else {@code localhost}. Asks the resolver
     * of the system and so may take as long as its time-out.
     */
    static String find() {
        try {
            InetAddress address = InetAddress.getLocalHost();
            String qualified = address.getCanonicalHostName();
            boolean named = !qualified.equals(address.getHostAddress()) && !qualified.startsWith("localhost");
            return named ? qualified : address.getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
