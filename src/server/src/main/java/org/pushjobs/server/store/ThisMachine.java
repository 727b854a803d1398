package org.pushjobs.server.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** Tells this machine from others. */
final class ThisMachine {
    private ThisMachine() {}

    /**
     * Whether an address is one of this machine's. Blocks while the name is looked up; a host that cannot be found counts as
     * this machine.
     */
    static boolean is(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            return true;
        }
    }
}
