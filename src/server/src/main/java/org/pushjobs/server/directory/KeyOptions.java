package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.ServerException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a new user's or client's key comes from: from a file, or made here. */
final class KeyOptions {
    @ArgGroup
    private Choice choice = new Choice();

    private static final class Choice {
        @Option(
                names = "--key-out",
                paramLabel = "FILE",
                description = "Where the new private key goes, mode 0600; NAME.pem in this directory unless given.")
        private Path privateKeyFile;

        @Option(
                names = "--public-key",
                paramLabel = "FILE",
                description = "A PEM file with a public key or certificate; no key is made then.")
        private Path publicKeyFile;
    }

    /**
     * Gives the public key, as PEM, to the action. A new private key is written before, and removed again when the action
     * fails.
     *
     * @param action its result is shown; what became of the private key is added to it
     * @throws ServerException when a file cannot be read or written, or has no key in it
     */
    Future<String> use(String name, Function<String, Future<String>> action) {
        if (choice.publicKeyFile != null) {
            return action.apply(read(choice.publicKeyFile));
        }
        Path file = choice.privateKeyFile == null ? Path.of(name + ".pem") : choice.privateKeyFile;
        return NewKey.use(
                file,
                publicKey -> action.apply(publicKey)
                        .map(answer -> answer + System.lineSeparator() + "private key: " + file));
    }

    /**
     * The public key in a file, as PEM.
     *
     * @throws ServerException when the file cannot be read or has no key in it
     */
    static String read(Path file) {
        try {
            return PemKeys.toPem(PemKeys.publicKey(Files.readString(file)));
        } catch (InvalidKeyTextException e) {
            throw new ServerException(400, file + ": " + e.getMessage());
        } catch (IOException e) {
            throw new ServerException(400, "cannot read " + file + ": " + e);
        }
    }
}
