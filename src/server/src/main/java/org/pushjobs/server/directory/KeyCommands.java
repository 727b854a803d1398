package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.DirectoryChange;
import org.pushjobs.server.store.DirectoryKey;
import org.pushjobs.server.store.DirectoryStore.KeyEntry;
import org.pushjobs.server.store.KeyHolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The keys of one user or client. Each of them can have several at once. */
abstract sealed class KeyCommands implements Callable<Integer> {
    private static final String KEY = "KEY";

    @ParentCommand
    private DirectoryCommand directory;

    @Mixin
    private HolderOptions holder;

    abstract Future<String> perform(DirectoryWork work, KeyHolder who);

    @Override
    public final Integer call() {
        return directory.execute(work -> perform(work, holder.holder()));
    }

    /** {@code key-list} */
    @Command(name = "key-list", description = "Shows the keys of a user or client.")
    static final class ListAll extends KeyCommands {
        @Override
        Future<String> perform(DirectoryWork work, KeyHolder who) {
            return work.store().keysOf(who).map(keys -> describe(who, keys));
        }

        private static String describe(KeyHolder who, List<KeyEntry> keys) {
            if (keys.isEmpty()) {
                throw new ServerException(404, who.text() + " has no keys, or does not exist");
            }
            Instant now = Instant.now();
            return keys.stream().map(key -> line(key, now)).collect(Collectors.joining(System.lineSeparator()));
        }

        private static String line(KeyEntry key, Instant now) {
            String end = key.expiresAt()
                    .map(at -> at.isAfter(now) ? "expires " + at : "expired " + at)
                    .orElse("does not expire");
            return key.name() + "  " + KeyFingerprint.of(key.publicKeyPem()) + "  added " + key.addedAt() + "  " + end;
        }
    }

    /** {@code key-add KEY} */
    @Command(name = "key-add", description = "Gives a user or client one more key, a new one or a given one.")
    static final class Add extends KeyCommands {
        @Parameters(paramLabel = KEY, converter = Names.Name.class, description = "The new key's name.")
        private String keyName;

        @Mixin
        private KeyOptions key;

        @Option(
                names = "--expires",
                paramLabel = "TIME",
                description = "Until when it counts, as 2030-12-31T23:59:59Z.")
        private Optional<Instant> expires = Optional.empty();

        @Override
        Future<String> perform(DirectoryWork work, KeyHolder who) {
            return key.use(
                    who.name() + "-" + keyName,
                    pem -> work.make(new DirectoryChange.AddKey(who, new DirectoryKey(keyName, pem, expires))));
        }
    }

    /** {@code key-remove KEY} */
    @Command(
            name = "key-remove",
            description = "Takes a key away. Agents of that client, or whose configuration that user has fetched, are"
                    + " disconnected and come again by another of its keys.")
    static final class Remove extends KeyCommands {
        @Parameters(paramLabel = KEY, converter = Names.Name.class)
        private String keyName;

        @Mixin
        private ConfirmOption confirm;

        @Override
        Future<String> perform(DirectoryWork work, KeyHolder who) {
            return work.make(new DirectoryChange.RemoveKey(who, keyName), confirm.consent());
        }
    }

    /** {@code key-expire KEY} */
    @Command(name = "key-expire", description = "Says until when a key counts.")
    static final class Expire extends KeyCommands {
        @Parameters(paramLabel = KEY, converter = Names.Name.class)
        private String keyName;

        @Option(names = "--at", paramLabel = "TIME", description = "As 2030-12-31T23:59:59Z; now unless given.")
        private Optional<Instant> at = Optional.empty();

        @Mixin
        private ConfirmOption confirm;

        @Override
        Future<String> perform(DirectoryWork work, KeyHolder who) {
            return work.make(
                    new DirectoryChange.ExpireKey(who, keyName, at.orElseGet(Instant::now)), confirm.consent());
        }
    }

    /** {@code key-rotate KEY} */
    @Command(
            name = "key-rotate",
            description = "Gives a user or client a key, a new one or a given one, in the place of all it has.")
    static final class Rotate extends KeyCommands {
        @Parameters(paramLabel = KEY, converter = Names.Name.class, description = "The new key's name.")
        private String keyName;

        @Mixin
        private KeyOptions key;

        @Option(
                names = "--old-until",
                paramLabel = "TIME",
                description = "Until when the other keys count, as 2030-12-31T23:59:59Z; they go at once unless given.")
        private Optional<Instant> oldUntil = Optional.empty();

        @Override
        Future<String> perform(DirectoryWork work, KeyHolder who) {
            return key.use(
                    who.name() + "-" + keyName,
                    pem -> work.make(new DirectoryChange.RotateKey(
                            who, new DirectoryKey(keyName, pem, Optional.empty()), oldUntil)));
        }
    }
}
