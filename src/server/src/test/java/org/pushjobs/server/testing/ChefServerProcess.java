package org.pushjobs.server.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.directory.Group;
import org.pushjobs.server.directory.Principal;

/**
 * A {@link ChefServerFixture} as a process of its own, beside installed packages: it knows one organisation with an
 * administrator and a node, whose private keys it writes where it is told, the superuser's among them. It runs until it is
 * told to stop.
 */
public final class ChefServerProcess {
    /** The organisation, its administrator and its node. */
    private static final String ORG = "acme";

    private static final String GUID = "0123456789abcdef0123456789abcdef";
    private static final String ADMINISTRATOR = "alice";
    private static final String NODE = "web-1";
    private static final int ARGUMENTS = 3;

    private ChefServerProcess() {}

    /**
     * @param arguments the port for unsigned requests, that for signed ones, and a directory for the keys; the file {@code
     *     ready} comes last into it
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != ARGUMENTS) {
            throw new IllegalArgumentException("arguments: PORT_FOR_UNSIGNED PORT_FOR_SIGNED DIRECTORY");
        }
        Path directory = Path.of(arguments[2]);
        ChefServerFixture chef =
                ChefServerFixture.startOn(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(chef::close));
        chef.organisation(ORG, GUID)
                .principals(ORG, ADMINISTRATOR, principal(directory, ADMINISTRATOR, Principal.Type.USER))
                .principals(ORG, NODE, principal(directory, NODE, Principal.Type.CLIENT))
                .group(ORG, "admins", new Group(Set.of(ADMINISTRATOR), Set.of(), Set.of()));
        write(directory, ChefServerFixture.SUPERUSER, chef.superuserKey());
        Files.createFile(directory.resolve("ready"));
    }

    private static Principal principal(Path directory, String name, Principal.Type type) throws IOException {
        KeyPair keys = PemKeys.generate();
        write(directory, name, (RSAPrivateKey) keys.getPrivate());
        return new Principal(name, type, PemKeys.toPem((RSAPublicKey) keys.getPublic()), true);
    }

    /** For its owner only, and complete when it has its name. */
    private static void write(Path directory, String name, RSAPrivateKey key) throws IOException {
        Path file = Files.writeString(Files.createTempFile(directory, name, ".new"), PemKeys.toPem(key));
        Files.move(file, directory.resolve(name + ".pem"), StandardCopyOption.ATOMIC_MOVE);
    }
}
