package org.pushjobs.agent.fake;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that go away and come back: below those that the system gives to outgoing connections, so that nobody
 * takes one meanwhile, and each another one than those picked before, so that two listeners of a test never share one.
 */
final class FreePort {
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort() {}

    /** A port of 127.0.0.1 that nothing listens on. */
    static int pick() {
        while (true) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // taken: try another one
            } catch (IOException e) {
                throw new AssertionError("no port can be tried", e);
            }
        }
    }
}
