package org.pushjobs.simulator.crowd;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.pushjobs.simulator.wire.Wire;
import org.pushjobs.zmtp.nacl.KeyPair;

/**
 * Connections to a command port that are no agents of its server: some never speak, some send random bytes, some are agents
 * with keys that the server does not know. Whatever the server closes is opened again. Everything happens on one event loop;
 * {@link #report} is callable from any thread.
 */
final class Crowd {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final long PAUSE_MILLIS = 1_000;
    private static final int GARBAGE_BYTES = 512;
    private static final long GARBAGE_EVERY_MILLIS = 500;
    private static final int OPEN_AT_ONCE = 100;
    private static final long NEXT_BATCH_MILLIS = 50;

    private final Vertx vertx;
    private final Context context;
    private final List<Wire> wires = new ArrayList<>();
    private final URI address;
    private final String serverKey;
    private final List<NetClient> clients = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom();
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong closed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /** @param addresses from 127.0.1.1 on, over which connections are spread */
    Crowd(Vertx vertx, URI commandPort, String serverKey, int addresses) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.address = commandPort;
        this.serverKey = serverKey;
        for (int i = 1; i <= addresses; i++) {
            String local = "127.0.1." + i;
            clients.add(vertx.createNetClient(new NetClientOptions()
                    .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                    .setLocalAddress(local)));
            wires.add(new Wire(vertx, Optional.of(local)));
        }
    }

    /** Opens so many connections of each kind, some at a time. */
    void gather(int silent, int garbage, int strangers) {
        context.runOnContext(_ -> {
            inBatches(silent, i -> connect(i, _ -> {}));
            inBatches(garbage, i -> connect(i, this::sendGarbage));
            inBatches(strangers, i -> knock(wires.get(i % wires.size())));
        });
    }

    private void inBatches(int count, Consumer<Integer> action) {
        for (int i = 0; i < count; i++) {
            int index = i;
            vertx.setTimer(1 + i / OPEN_AT_ONCE * NEXT_BATCH_MILLIS, _ -> action.accept(index));
        }
    }

    private void connect(int index, Consumer<NetSocket> connected) {
        clients.get(index % clients.size())
                .connect(address.getPort(), address.getHost())
                .onSuccess(socket -> {
                    open.incrementAndGet();
                    opened.incrementAndGet();
                    socket.exceptionHandler(_ -> socket.close());
                    socket.closeHandler(_ -> {
                        open.decrementAndGet();
                        closed.incrementAndGet();
                        vertx.setTimer(PAUSE_MILLIS, _ -> connect(index, connected));
                    });
                    connected.accept(socket);
                })
                .onFailure(_ -> {
                    failed.incrementAndGet();
                    vertx.setTimer(PAUSE_MILLIS, _ -> connect(index, connected));
                });
    }

    private void sendGarbage(NetSocket socket) {
        byte[] bytes = new byte[1 + random.nextInt(GARBAGE_BYTES)];
        random.nextBytes(bytes);
        socket.write(Buffer.buffer(bytes))
                .onSuccess(_ -> vertx.setTimer(GARBAGE_EVERY_MILLIS, _ -> sendGarbage(socket)));
    }

    private void knock(Wire wire) {
        vertx.executeBlocking(wire::newKeys).onSuccess(keys -> knock(wire, keys));
    }

    private void knock(Wire wire, KeyPair keys) {
        wire.connectDealer(address.toString(), Optional.of(serverKey), keys, new Wire.Listener() {
                    @Override
                    public void message(byte[] header, byte[] body) {
                        // nothing is expected
                    }

                    @Override
                    public void closed() {
                        vertx.setTimer(PAUSE_MILLIS, _ -> knock(wire, keys));
                    }
                })
                .onSuccess(_ -> opened.incrementAndGet())
                .onFailure(_ -> {
                    refused.incrementAndGet();
                    vertx.setTimer(PAUSE_MILLIS, _ -> knock(wire, keys));
                });
    }

    /** One line of JSON: how many connections are open now, and what happened so far. */
    String report() {
        return new JsonObject()
                .put("open", open.get())
                .put("opened", opened.get())
                .put("closed", closed.get())
                .put("failed", failed.get())
                .put("refused", refused.get())
                .encode();
    }
}
