package org.pushjobs.chefhttp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the IP addresses of a host. Usable from any thread; blocks it, without a name service for half a minute and more. */
@FunctionalInterface
public interface HostLookup {
    /** Asks this machine's resolver; an answer is believed for as long as the Java runtime is told to keep it. */
    HostLookup OF_THIS_MACHINE = host -> List.of(InetAddress.getAllByName(host));

    /**
     * @param host a name or an IP address, without brackets
     * @return at least one, the preferred ones first
     */
    List<InetAddress> addressesOf(String host) throws UnknownHostException;
}
