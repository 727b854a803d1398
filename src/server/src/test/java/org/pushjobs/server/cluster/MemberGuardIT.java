package org.pushjobs.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemberGuardIT {
    private static final int GREETING_BYTES = 4;

    private final MemberGuard guard = guard(1);
    private ServerSocketChannel server;

    private static MemberGuard guard(int filling) {
        return new MemberGuard(TestCluster.keys(filling).members(), new StrangerLog(System::nanoTime));
    }

    @BeforeEach
    void listen() throws IOException {
        server = listening();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private static ServerSocketChannel listening() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** As Hazelcast does it. */
    private static CompletableFuture<Void> accepting(MemberGuard guard, ServerSocketChannel server) {
        return onThread(() -> {
            try (SocketChannel accepted = server.accept()) {
                guard.onAccept(accepted.socket());
                assertThat(accepted.socket().getSoTimeout()).isZero();
            }
            return null;
        });
    }

    private static CompletableFuture<Void> onThread(Callable<Void> action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                done.complete(action.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private SocketChannel connected() throws IOException {
        return SocketChannel.open(server.getLocalAddress());
    }

    private static String reason(CompletableFuture<Void> refused) {
        return refused.handle((_, failure) -> failure)
                .thenApply(failure -> failure instanceof CompletionException wrapped ? wrapped.getCause() : failure)
                .join()
                .getMessage();
    }

    @Test
    void membersPass() throws Exception {
        CompletableFuture<Void> accepted = accepting(guard, server);

        try (SocketChannel channel = connected()) {
            guard(1).onConnect(channel.socket());
            assertThat(channel.socket().getSoTimeout()).isZero();
        }

        assertThatCode(accepted::join).doesNotThrowAnyException();
    }

    @Test
    void whoHasAnotherKeyDoesNot() throws Exception {
        CompletableFuture<Void> accepted = accepting(guard, server);

        try (SocketChannel channel = connected()) {
            assertThatThrownBy(() -> guard(2).onConnect(channel.socket())).hasMessageStartingWith("no member at");
        }

        assertThat(reason(accepted)).contains("it has other secrets");
    }

    @Test
    void whoSendsWhatHeGotBackDoesNot() throws Exception {
        CompletableFuture<Void> mirror = onThread(() -> {
            try (SocketChannel accepted = server.accept()) {
                accepted.socket().getInputStream().readNBytes(GREETING_BYTES);
                accepted.socket().getInputStream().transferTo(accepted.socket().getOutputStream());
            }
            return null;
        });

        try (SocketChannel channel = connected()) {
            assertThatThrownBy(() -> guard.onConnect(channel.socket())).hasMessageContaining("it has other secrets");
        }
        mirror.join();
    }

    @Test
    void whoPassesOnTheProofsOfMembersDoesNot() throws Exception {
        try (ServerSocketChannel between = listening()) {
            CompletableFuture<Void> accepted = accepting(guard, server);
            CompletableFuture<Void> passedOn = onThread(() -> {
                try (SocketChannel from = between.accept();
                        SocketChannel to = connected()) {
                    CompletableFuture<Void> back = onThread(() -> pass(to.socket(), from.socket()));
                    pass(from.socket(), to.socket());
                    back.join();
                }
                return null;
            });

            try (SocketChannel channel = SocketChannel.open(between.getLocalAddress())) {
                assertThatThrownBy(() -> guard(1).onConnect(channel.socket())).isInstanceOf(IOException.class);
            }

            assertThat(reason(accepted)).contains("wanted another address than");
            passedOn.join();
        }
    }

    private static Void pass(Socket from, Socket to) throws IOException {
        from.getInputStream().transferTo(to.getOutputStream());
        to.shutdownOutput();
        return null;
    }

    @Test
    void whoSaysNothingOrLittleIsDroppedInTime() throws Exception {
        CompletableFuture<Void> accepted = accepting(guard, server);
        try (SocketChannel channel = connected()) {
            assertThat(channel.socket().getInputStream().read()).isNegative();
        }
        assertThat(reason(accepted)).contains("did not show within 1000 ms");

        CompletableFuture<Void> again = accepting(guard, server);
        try (SocketChannel channel = connected()) {
            channel.socket().getOutputStream().write("PJM1".getBytes(StandardCharsets.US_ASCII));
            assertThat(channel.socket().getInputStream().read()).isNegative();
        }
        assertThat(reason(again)).contains("did not show within 1000 ms");
    }

    @Test
    void whoAnswersNothingIsLeftInTime() throws Exception {
        try (SocketChannel channel = connected()) {
            assertThatThrownBy(() -> guard.onConnect(channel.socket()))
                    .hasMessageContaining("it stands still, or has not the cluster's secrets");
        }
    }

    @Test
    void whoHangsUpIsNoMember() throws Exception {
        CompletableFuture<Void> accepted = accepting(guard, server);
        connected().close();
        assertThat(reason(accepted)).contains("it hung up");
    }
}
