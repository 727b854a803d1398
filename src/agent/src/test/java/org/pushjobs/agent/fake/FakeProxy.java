package org.pushjobs.agent.fake;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A web proxy that leads every tunnel, whatever its host, to one port of this machine, and answers plain requests itself. */
public final class FakeProxy implements AutoCloseable {
    private final ServerSocket socket;
    private final int target;
    private final Optional<String> authorization;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** @param authorization the header without which it answers 407 */
    public FakeProxy(int target, Optional<String> authorization) {
        this.target = target;
        this.authorization = authorization;
        try {
            socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("proxy").start(this::run);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** The first lines of all requests. */
    public List<String> requests() {
        return requests;
    }

    private void run() {
        try {
            while (true) {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            String first = reader.readLine();
            requests.add(first);
            boolean authorized = authorization.isEmpty();
            for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                authorized |= authorization
                        .map(wanted -> "Proxy-Authorization: " + wanted)
                        .filter(line::equalsIgnoreCase)
                        .isPresent();
            }
            if (!authorized) {
                answer(client, "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"x\"\r\n");
            } else if (first.startsWith("CONNECT ")) {
                tunnel(client);
            } else {
                answer(client, "502 Bad Gateway", "");
            }
        } catch (IOException e) {
            // the client went away
        }
    }

    private static void answer(Socket client, String status, String headers) throws IOException {
        client.getOutputStream()
                .write(("HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    private void tunnel(Socket client) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            client.getOutputStream()
                    .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            Thread back = Thread.ofVirtual().start(() -> copy(server, client));
            copy(client, server);
            back.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // one of them went away
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
