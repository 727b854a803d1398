package org.pushjobs.agent.link;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;

/**
 * File descriptors. JeroMQ loses those that it has got so far when it does not get all it needs, and so would make a shortage
 * worse with every attempt; it is asked for sockets only when there are enough.
 */
final class Descriptors {
    private static final int OF_A_PIPE = 2;

    private Descriptors() {}

    /** @throws IOException says why so many cannot be had now */
    static void requireRoomFor(int count) throws IOException {
        List<Pipe> pipes = new ArrayList<>();
        try {
            while (pipes.size() * OF_A_PIPE < count) {
                pipes.add(Pipe.open());
            }
        } finally {
            for (Pipe pipe : pipes) {
                pipe.sink().close();
                pipe.source().close();
            }
        }
    }
}
