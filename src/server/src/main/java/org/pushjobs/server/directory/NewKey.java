package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.function.Function;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.ServerException;

/** Makes a key pair for a user or client, whose private part is kept in a file that only its owner may read. */
final class NewKey {
    private NewKey() {}

    /**
     * @param file for the private key; removed again when the action fails
     * @param action gets the public key as PEM
     * @throws ServerException when the file exists or cannot be written
     */
    static <T> Future<T> use(Path file, Function<String, Future<T>> action) {
        KeyPair pair = PemKeys.generate();
        write(file, PemKeys.toPem((RSAPrivateKey) pair.getPrivate()));
        return action.apply(PemKeys.toPem((RSAPublicKey) pair.getPublic())).onFailure(_ -> delete(file));
    }

    private static void write(Path file, String pem) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, pem);
        } catch (FileAlreadyExistsException e) {
            throw new ServerException(409, file + " exists already and is not overwritten");
        } catch (IOException e) {
            throw new ServerException(400, "cannot write " + file + ": " + e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ServerException(400, "cannot remove " + file + ", whose key is not in use: " + e);
        }
    }
}
