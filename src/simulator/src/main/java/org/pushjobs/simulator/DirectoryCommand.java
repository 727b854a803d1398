package org.pushjobs.simulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.concurrent.Callable;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.simulator.fleet.NodeNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code directory}: makes what the server has to know about simulated nodes. */
@Command(
        name = "directory",
        description = {
            "Writes a key pair for all simulated nodes and a file for the server's command `directory import`:",
            "an organisation with them and with an administrator.",
            "Files in DIR: directory.json, nodes.pem (for simulate --key), nodes-public.pem; admin.pem comes by the import."
        },
        mixinStandardHelpOptions = true)
public final class DirectoryCommand implements Callable<Integer> {
    private static final String OWNER_ONLY = "rw-------";

    @Option(names = "--nodes", paramLabel = "N", required = true, description = "How many nodes.")
    private int nodes;

    @Option(names = "--org", paramLabel = "ORG", required = true, description = "The organisation to be made.")
    private String org;

    @Option(names = "--admin", paramLabel = "NAME", description = "Its administrator; ${DEFAULT-VALUE}.")
    private String admin = "admin";

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            description = "Nodes are called TEXT00001 and so on; ${DEFAULT-VALUE}.")
    private String prefix = NodeNames.DEFAULT_PREFIX;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where the files go.")
    private Path directory;

    @Override
    public Integer call() {
        try {
            write(directory, org, admin, new NodeNames(prefix, 1), nodes);
        } catch (FileAlreadyExistsException e) {
            throw new CannotRunException(e.getMessage() + " exists already and is not overwritten");
        } catch (IOException e) {
            throw new CannotRunException("the files cannot be written: " + e);
        }
        return 0;
    }

    /** Writes the files; the names are those that the description of this command says. */
    public static void write(Path directory, String org, String admin, NodeNames names, int nodes) throws IOException {
        Path absolute = Files.createDirectories(directory).toAbsolutePath();
        KeyPair pair = PemKeys.generate();
        Path privateKey = Files.createFile(
                absolute.resolve("nodes.pem"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        Files.writeString(privateKey, PemKeys.toPem((RSAPrivateKey) pair.getPrivate()));
        Path publicKey = Files.writeString(
                absolute.resolve("nodes-public.pem"),
                PemKeys.toPem((RSAPublicKey) pair.getPublic()),
                StandardOpenOption.CREATE_NEW);
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        ObjectNode organisation = root.putArray("organisations").addObject().put("name", org);
        organisation
                .putArray("users")
                .addObject()
                .put("name", admin)
                .put("admin", true)
                .put("key_out", absolute.resolve("admin.pem").toString());
        ArrayNode clients = organisation.putArray("clients");
        for (int index = 0; index < nodes; index++) {
            clients.addObject().put("name", names.name(index)).put("public_key", publicKey.toString());
        }
        Files.writeString(absolute.resolve("directory.json"), root.toString(), StandardOpenOption.CREATE_NEW);
    }
}
