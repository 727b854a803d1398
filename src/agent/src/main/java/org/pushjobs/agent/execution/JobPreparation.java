package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.pushjobs.agent.settings.JobSettings;
import org.pushjobs.agent.settings.JobVariables;
import org.pushjobs.agent.whitelist.Whitelist;
import org.pushjobs.platform.text.PlatformText;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.ServerMessage.Commit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether this node will run a job: its command is in the whitelist, its user and directory exist, its variables
 * and its file can be used, and there is a place for its files (wire-protocol.md, "What the agent does with it"). Blocks
 * for the look-up of the user and the file system; usable from any thread.
 */
public final class JobPreparation {
    private static final Logger LOG = LoggerFactory.getLogger(JobPreparation.class);
    private static final String RAW = "raw:";
    private static final String BASE64 = "base64:";

    private final Supplier<JobSettings> settings;
    private final FileDirectory files;
    private final Accounts accounts = new Accounts();

    /**
     * @param settings looked at anew for every job
     * @param files the agent's hold on its {@code file_dir}
     */
    public JobPreparation(Supplier<JobSettings> settings, FileDirectory files) {
        this.settings = settings;
        this.files = files;
    }

    /** What can be said without waiting: empty unless the whitelist has nothing for the command. */
    public Optional<Refusal> refusalAtOnce(Commit commit) {
        try {
            return switch (look(commit)) {
                case Whitelist.Permitted _ -> Optional.empty();
                case Whitelist.Refused(var reason) -> Optional.of(new Refusal(Refusal.Kind.NOT_WHITELISTED, reason));
            };
        } catch (RuntimeException | Error e) {
            return Optional.of(unforeseen(commit, e).refusal());
        }
    }

    /** A node that does not answer is one that nobody can use; why is for the log and for who started the job. */
    private static RefusedJobException unforeseen(Commit commit, Throwable problem) {
        LOG.error("a job could not be prepared [job: {}]", commit.jobId(), problem);
        return new RefusedJobException(
                Refusal.Kind.PREPARATION_FAILED,
                "the job could not be prepared, the agent's log says more: " + problem);
    }

    private Whitelist.Verdict look(Commit commit) {
        return settings.get().whitelist().look(commit.spec().command());
    }

    /**
     * Takes the job's lock, too, where the whitelist asks for one.
     *
     * @throws RefusedJobException with the reason why this node will not run the job
     */
    public PreparedJob prepare(Commit commit) throws RefusedJobException {
        try {
            return switch (look(commit)) {
                case Whitelist.Permitted permitted -> prepare(commit, permitted);
                case Whitelist.Refused(var reason) ->
                    throw new RefusedJobException(Refusal.Kind.NOT_WHITELISTED, reason);
            };
        } catch (RuntimeException | Error e) {
            throw unforeseen(commit, e);
        }
    }

    private PreparedJob prepare(Commit commit, Whitelist.Permitted permitted) throws RefusedJobException {
        JobSpec spec = commit.spec();
        PassableText.check(permitted.commandLine());
        Optional<Account> user = spec.user().isPresent() ? account(spec.user().get()) : Optional.empty();
        Optional<Path> dir =
                spec.dir().isPresent() ? Optional.of(directory(spec.dir().get())) : Optional.empty();
        Map<String, String> env = spec.env().orElse(Map.of());
        PassableText.check(env);
        checkDangers(env, settings.get().variables());
        Optional<byte[]> file =
                spec.file().isPresent() ? Optional.of(decode(spec.file().get())) : Optional.empty();
        checkFiles(file.orElse(new byte[0]));
        // Last, as nothing may fail after it.
        Optional<CommandLock> lock =
                permitted.lock().isPresent() ? Optional.of(lock(permitted.lock().get())) : Optional.empty();
        return new PreparedJob(commit.jobId(), permitted.commandLine(), user, dir, env, file, spec.capture(), lock);
    }

    private void checkFiles(byte[] content) throws RefusedJobException {
        Path directory = settings.get().fileDir();
        try {
            files.require(directory, content);
        } catch (IOException e) {
            throw new RefusedJobException(
                    Refusal.Kind.FILE_DIR_UNUSABLE,
                    "file_dir " + directory + " of the node cannot be used: " + e.getMessage());
        }
    }

    private static CommandLock lock(Path file) throws RefusedJobException {
        try {
            return CommandLock.tryLock(file)
                    .orElseThrow(() -> new RefusedJobException(
                            Refusal.Kind.LOCKED, "another process holds the lock of this command: " + file));
        } catch (IOException e) {
            throw new RefusedJobException(
                    Refusal.Kind.LOCKED, "the lock of this command cannot be taken: " + e.getMessage());
        }
    }

    /** Empty when it is the user that the agent runs as. */
    private Optional<Account> account(String name) throws RefusedJobException {
        Account account;
        try {
            account = accounts.find(name)
                    .orElseThrow(() -> new RefusedJobException(
                            Refusal.Kind.NO_SUCH_USER, "there is no user of this name here: " + name));
        } catch (IOException e) {
            throw new RefusedJobException(
                    Refusal.Kind.NO_SUCH_USER, "the user " + name + " cannot be looked up: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedJobException(Refusal.Kind.STOPPING, "the agent stops");
        }
        if (account.uid() == accounts.ownUid()) {
            return Optional.empty();
        }
        if (accounts.ownUid() != Accounts.ROOT) {
            throw new RefusedJobException(
                    Refusal.Kind.NO_SUCH_USER, "only an agent that runs as root can run a job as " + name);
        }
        if (Executables.find("setpriv").isEmpty()) {
            throw new RefusedJobException(
                    Refusal.Kind.NO_SUCH_USER,
                    "setpriv is not on the PATH; install util-linux to run jobs as another user");
        }
        return Optional.of(account);
    }

    private static Path directory(String name) throws RefusedJobException {
        try {
            Path directory = Path.of(name);
            if (Files.isDirectory(directory)) {
                return directory;
            }
        } catch (InvalidPathException e) {
            throw new RefusedJobException(
                    Refusal.Kind.NO_SUCH_DIRECTORY, "the directory's name cannot be used: " + e.getMessage());
        }
        throw new RefusedJobException(Refusal.Kind.NO_SUCH_DIRECTORY, "there is no such directory here: " + name);
    }

    private static void checkDangers(Map<String, String> env, JobVariables allowed) throws RefusedJobException {
        for (Map.Entry<String, String> variable : new TreeMap<>(env).entrySet()) {
            Optional<String> danger = allowed.danger(variable.getKey(), variable.getValue());
            if (danger.isPresent()) {
                throw new RefusedJobException(
                        Refusal.Kind.BAD_ENVIRONMENT,
                        "a job may not set the environment variable " + variable.getKey() + ", as " + danger.get()
                                + "; allow_dangerous_env in the node's configuration file allows it");
            }
        }
    }

    private static byte[] decode(String file) throws RefusedJobException {
        if (file.startsWith(RAW)) {
            if (!PlatformText.isWhole(file)) {
                throw new RefusedJobException(
                        Refusal.Kind.BAD_FILE, "the job file has half of a character, which no file can hold");
            }
            return file.substring(RAW.length()).getBytes(StandardCharsets.UTF_8);
        }
        if (file.startsWith(BASE64)) {
            try {
                return Base64.getDecoder()
                        .decode(file.substring(BASE64.length()).replaceAll("\\s", ""));
            } catch (IllegalArgumentException e) {
                throw new RefusedJobException(Refusal.Kind.BAD_FILE, "the job file is not base64: " + e.getMessage());
            }
        }
        throw new RefusedJobException(Refusal.Kind.BAD_FILE, "the job file starts with neither raw: nor base64:");
    }
}
