package org.pushjobs.ctl.directory;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.files.AtomicFile;
import org.pushjobs.ctl.service.ServerProgram;
import org.pushjobs.ctl.service.Supervisor;

/** Has the server's command line do something in its directory, and makes keys beforehand. Blocking. */
public final class Directory {
    private static final String PUBLIC_KEY = "--public-key";
    private static final String KEY_OUT = "--key-out";

    private final ServerProgram server;
    private final PrintWriter out;

    public Directory(ServerProgram server, PrintWriter out) {
        this.server = server;
        this.out = out;
    }

    /**
     * @param words verb, arguments and options
     * @return the server's exit status
     * @throws CtlException when the words are wrong, or something cannot be done; nothing has changed then
     */
    public int run(Kind kind, List<String> words) throws CtlException, InterruptedException {
        Verb verb = kind.verbs().stream()
                .filter(known -> !words.isEmpty() && known.name().equals(words.getFirst()))
                .findFirst()
                .orElseThrow(() -> usage("what can be done with " + kind.plural() + ":", kind.usage()));
        List<String> rest = words.subList(1, words.size());
        List<String> given =
                rest.stream().takeWhile(word -> !word.startsWith("-")).toList();
        if (given.size() != verb.arguments().size()) {
            throw usage("it is used so:", List.of(kind.word() + " " + verb.usage()));
        }
        List<String> options = new ArrayList<>();
        rest.subList(given.size(), rest.size()).forEach(word -> options.addAll(parts(word)));
        try {
            Path scratch = Files.createTempDirectory("pushjobs-directory-");
            Path publicKey = scratch.resolve("public-key.pem");
            try {
                Access.of(server.user(), "rwx------").giveTo(scratch);
                return run(verb, given, options, publicKey);
            } finally {
                Files.deleteIfExists(publicKey);
                Files.deleteIfExists(scratch);
            }
        } catch (IOException e) {
            throw new CtlException("a file cannot be read or written: " + e + "; run this command as root", e);
        }
    }

    private int run(Verb verb, List<String> given, List<String> options, Path publicKey)
            throws CtlException, IOException, InterruptedException {
        Optional<NewKeyFile> made = Optional.empty();
        if (verb.key().isPresent()) {
            Optional<String> known = take(options, PUBLIC_KEY);
            if (known.isEmpty()) {
                made = Optional.of(NewKeyFile.make(
                        Path.of(take(options, KEY_OUT).orElse(verb.key().get().apply(given) + ".pem"))));
            }
            String pem = known.isPresent()
                    ? Files.readString(Path.of(known.get()))
                    : made.get().publicKey();
            AtomicFile.write(publicKey, pem.getBytes(StandardCharsets.UTF_8), Access.of(server.user(), "rw-------"));
            options.addAll(List.of(PUBLIC_KEY, publicKey.toString()));
        }
        boolean done = false;
        try {
            List<String> words = new ArrayList<>(List.of("directory"));
            words.addAll(verb.words().apply(given));
            words.addAll(options);
            Supervisor.Answer answer = server.run(words);
            List<String> lines = answer.text().lines().toList();
            done = answer.status() == Supervisor.GOOD;
            if (!done) {
                throw new CtlException(
                        lines.isEmpty() ? List.of("the server's command line ended with " + answer.status()) : lines);
            }
            verb.shown().of(given, lines).forEach(out::println);
            made.ifPresent(key -> out.println("private key: " + key.file()));
            return answer.status();
        } finally {
            if (!done && made.isPresent()) {
                made.get().remove();
            }
        }
    }

    /** {@code --option=value} as two words. */
    private static List<String> parts(String word) {
        return word.startsWith("--") && word.contains("=") ? List.of(word.split("=", 2)) : List.of(word);
    }

    /** The value of an option, which is in the list no more. */
    private static Optional<String> take(List<String> options, String name) throws CtlException {
        int index = options.indexOf(name);
        if (index < 0) {
            return Optional.empty();
        }
        if (index + 1 == options.size()) {
            throw new CtlException(name + " needs the name of a file");
        }
        options.remove(index);
        return Optional.of(options.remove(index));
    }

    private static CtlException usage(String what, List<String> lines) {
        List<String> text = new ArrayList<>(List.of(what));
        lines.forEach(line -> text.add("    opscode-push-jobs-server-ctl " + line));
        return new CtlException(text);
    }
}
