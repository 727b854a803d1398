package org.pushjobs.workstation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that opens tunnels (CONNECT) to this machine for those who know its name and password. */
final class TunnelProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final String authorization;
    private final List<String> targets = new CopyOnWriteArrayList<>();

    /** @param credentials {@code NAME:PASSWORD} */
    TunnelProxy(String credentials) throws IOException {
        this.authorization = "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        this.listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** {@code HOST:PORT} of each tunnel that was opened. */
    List<String> targets() {
        return targets;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1), 1);
            String request = in.readLine();
            boolean known = false;
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                known |= line.equalsIgnoreCase(authorization);
            }
            String target = request.split(" ")[1];
            OutputStream out = client.getOutputStream();
            if (!request.startsWith("CONNECT ") || !known) {
                out.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            targets.add(target);
            try (Socket server = new Socket("localhost", Integer.parseInt(target.split(":")[1]))) {
                out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                Thread back = Thread.ofVirtual().start(() -> copy(server, client));
                copy(client, server);
                back.join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            // one side has gone
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
