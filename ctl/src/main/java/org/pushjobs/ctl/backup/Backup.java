package org.pushjobs.ctl.backup;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.files.AtomicFile;
import org.pushjobs.ctl.layout.Layout;
import org.pushjobs.ctl.secrets.KeptSecrets;
import org.pushjobs.ctl.secrets.KeptSecrets.FileOwner;
import org.pushjobs.ctl.secrets.SecretsReader;
import org.pushjobs.ctl.secrets.VeilFile;
import org.pushjobs.ctl.settings.Installation;
import org.pushjobs.ctl.settings.InstallationReader;

/**
 * Makes a backup of what makes a new machine the same server, and puts it back: the files of the configuration, and the server's
 * keys and passwords. The database is not in it.
 */
public final class Backup {
    private final Layout layout;
    private final Supplier<String> machineName;
    private final PrintWriter out;

    /** @param machineName the full name of this machine */
    public Backup(Layout layout, Supplier<String> machineName, PrintWriter out) {
        this.layout = layout;
        this.machineName = machineName;
        this.out = out;
    }

    /** Whether what is otherwise on the machine may be replaced. */
    public enum Others {
        ARE_KEPT,
        ARE_REPLACED
    }

    /**
     * @param file that is not there yet
     * @throws CtlException when there are no keys yet, or something cannot be read or written
     */
    public void make(Path file) throws CtlException, InterruptedException {
        VeilFile secrets = secretsFile();
        KeptSecrets kept = KeptSecrets.of(secrets, owner(secrets));
        if (kept.values().isEmpty()) {
            throw new CtlException(secrets.file()
                    + " has no keys of the server yet; run opscode-push-jobs-server-ctl reconfigure, which makes them");
        }
        Map<String, BackupFile.Kept> files = configuration();
        new BackupFile(machineName.get(), files, kept).write(file);
        files.keySet().forEach(name -> out.println(layout.configuration().resolve(name)));
        out.println(kept.values().size() + " secrets of " + secrets.file());
        out.println(file + " has them. It holds keys: keep it as safe as they are. The database is not in it.");
    }

    /**
     * @param file that {@link #make} has made
     * @throws CtlException when something else is there that may not be replaced, or is no backup; nothing is changed then
     */
    public void restore(Path file, Others others) throws CtlException, InterruptedException {
        BackupFile backup = BackupFile.read(file);
        List<String> refusals = new ArrayList<>();
        Map<String, BackupFile.Kept> changed = new LinkedHashMap<>();
        for (Map.Entry<String, BackupFile.Kept> entry : backup.files().entrySet()) {
            Path path = layout.configuration().resolve(entry.getKey());
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                changed.put(entry.getKey(), entry.getValue());
            } else if (!Arrays.equals(content(path), entry.getValue().bytes())) {
                changed.put(entry.getKey(), entry.getValue());
                refusals.add(path + " is there with another content");
            }
        }
        VeilFile secrets = secretsFile();
        for (String name : backup.secrets().otherIn(secrets)) {
            refusals.add(secrets.file() + " has another " + name);
        }
        if (others == Others.ARE_KEPT && !refusals.isEmpty()) {
            refusals.add(
                    "Nothing was changed. Make a backup of what is there (opscode-push-jobs-server-ctl backup), and"
                            + " repeat the command with --overwrite to replace it: agents and servers that know the other"
                            + " keys have to learn these");
            throw new CtlException(refusals);
        }
        try {
            write(changed, backup, secrets);
        } catch (IOException e) {
            throw new CtlException("a file cannot be changed: " + e + "; run this command as root, and again", e);
        }
        out.println("This machine has the configuration and the keys of " + backup.from() + " now. Next:");
        out.println("    opscode-push-jobs-server-ctl reconfigure");
        out.println("and, where its database has known other keys, opscode-push-jobs-server-ctl rotate-keys --adopt");
    }

    /** Secrets last: with them reconfigure can go on. */
    private void write(Map<String, BackupFile.Kept> changed, BackupFile backup, VeilFile secrets) throws IOException {
        Files.createDirectories(layout.configuration());
        for (Map.Entry<String, BackupFile.Kept> entry : changed.entrySet()) {
            Path path = layout.configuration().resolve(entry.getKey());
            AtomicFile.write(path, entry.getValue().bytes(), entry.getValue().access());
            out.println(path);
        }
        backup.secrets().into(secrets);
        if (secrets.isChanged()) {
            Access access = Files.exists(secrets.file()) ? Access.of(secrets.file()) : Access.ofRoot("rw-------");
            AtomicFile.write(secrets.file(), secrets.content(), access);
            out.println(secrets.file());
        }
    }

    private VeilFile secretsFile() throws CtlException, InterruptedException {
        Installation installation = new InstallationReader(layout, machineName).read();
        return new SecretsReader(layout, installation).file();
    }

    private FileOwner owner(VeilFile file) {
        return file.file().equals(layout.ownSecrets()) ? FileOwner.SERVER : FileOwner.CHEF_SERVER;
    }

    /** All files but that of secrets, which are kept by themselves, and what reconfigure writes. */
    private Map<String, BackupFile.Kept> configuration() throws CtlException {
        Map<String, BackupFile.Kept> files = new TreeMap<>();
        if (Files.notExists(layout.configuration())) {
            return files;
        }
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(layout.configuration())) {
            for (Path path : paths) {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                        && !path.equals(layout.ownSecrets())
                        && !path.equals(layout.running())) {
                    files.put(
                            path.getFileName().toString(),
                            new BackupFile.Kept(
                                    Base64.getEncoder().encodeToString(Files.readAllBytes(path)), Access.of(path)));
                }
            }
            return files;
        } catch (IOException e) {
            throw new CtlException(layout.configuration() + " cannot be read (" + e + "); run this command as root", e);
        }
    }

    private static byte[] content(Path path) throws CtlException {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new CtlException(path + " cannot be read (" + e + "); run this command as root", e);
        }
    }
}
