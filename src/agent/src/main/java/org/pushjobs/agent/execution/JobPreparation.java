package org.pushjobs.agent.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.ServerMessage.Commit;

/**
 * Decides whether this node will run a job: its command is in the whitelist, its user and directory exist, its variables
 * and its file can be used (wire-protocol.md, "What the agent does with it"). Blocks for the look-up of the user; usable
 * from any thread.
 */
public final class JobPreparation {
    private static final String RAW = "raw:";
    private static final String BASE64 = "base64:";

    private final Map<String, String> whitelist;
    private final Accounts accounts = new Accounts();

    /** @param whitelist from a job's command, to be matched exactly, to the command line that runs for it */
    public JobPreparation(Map<String, String> whitelist) {
        this.whitelist = Map.copyOf(whitelist);
    }

    /** What can be said without waiting: empty unless the whitelist has nothing for the command. */
    public Optional<Refusal> refusalAtOnce(Commit commit) {
        return whitelist.containsKey(commit.spec().command())
                ? Optional.empty()
                : Optional.of(notWhitelisted(commit.spec()));
    }

    private static Refusal notWhitelisted(JobSpec spec) {
        return new Refusal(Refusal.Kind.NOT_WHITELISTED, "the command is not in the whitelist: " + spec.command());
    }

    /** @throws RefusedJobException with the reason why this node will not run the job */
    public PreparedJob prepare(Commit commit) throws RefusedJobException {
        JobSpec spec = commit.spec();
        String commandLine = Optional.ofNullable(whitelist.get(spec.command()))
                .orElseThrow(() -> new RefusedJobException(notWhitelisted(spec)));
        Optional<Account> user = spec.user().isPresent() ? account(spec.user().get()) : Optional.empty();
        Optional<Path> dir =
                spec.dir().isPresent() ? Optional.of(directory(spec.dir().get())) : Optional.empty();
        Map<String, String> env = spec.env().orElse(Map.of());
        checkNames(env);
        Optional<byte[]> file =
                spec.file().isPresent() ? Optional.of(decode(spec.file().get())) : Optional.empty();
        return new PreparedJob(commit.jobId(), commandLine, user, dir, env, file, spec.capture());
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

    private static void checkNames(Map<String, String> env) throws RefusedJobException {
        for (Map.Entry<String, String> variable : env.entrySet()) {
            String name = variable.getKey();
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                throw new RefusedJobException(
                        Refusal.Kind.BAD_ENVIRONMENT, "the name of an environment variable cannot be used: " + name);
            }
            if (Objects.requireNonNull(variable.getValue()).indexOf('\0') >= 0) {
                throw new RefusedJobException(
                        Refusal.Kind.BAD_ENVIRONMENT, "an environment variable holds a zero character: " + name);
            }
        }
    }

    private static byte[] decode(String file) throws RefusedJobException {
        if (file.startsWith(RAW)) {
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
