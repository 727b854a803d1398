package org.pushjobs.ctl.directory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.protocol.keys.PemKeys;

/** A new private key in a file of whoever runs the command. The server's user, who has no business with it, never sees it. */
final class NewKeyFile {
    private final Path file;
    private final String publicKey;

    private NewKeyFile(Path file, String publicKey) {
        this.file = file;
        this.publicKey = publicKey;
    }

    /** @throws CtlException when there is a file of this name already, or it cannot be written */
    static NewKeyFile make(Path file) throws CtlException {
        KeyPair keys = PemKeys.generate();
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, PemKeys.toPem((RSAPrivateKey) keys.getPrivate()), StandardCharsets.US_ASCII);
        } catch (FileAlreadyExistsException e) {
            throw new CtlException(file + " is there already and is left as it is; give another name by --key-out", e);
        } catch (IOException e) {
            throw new CtlException(file + " cannot be written: " + e, e);
        }
        return new NewKeyFile(file, PemKeys.toPem((RSAPublicKey) keys.getPublic()));
    }

    Path file() {
        return file;
    }

    /** PEM. */
    String publicKey() {
        return publicKey;
    }

    /** Nobody knows the key. */
    void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
