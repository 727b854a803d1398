package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A directory as it was at some moment or later, though the one behind it remembers older answers.
 *
 * @param age of the answers
 */
record AgedDirectory(RememberingDirectory source, Age age) implements Directory {
    AgedDirectory {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(age, "age");
    }

    @Override
    public Future<Optional<Organisation>> organisation(String orgName) {
        return source.organisation(orgName, age);
    }

    @Override
    public Future<List<Principal>> principals(String orgName, String name) {
        return source.principals(orgName, name, age);
    }

    @Override
    public Future<Optional<Group>> group(String orgName, String groupName) {
        return source.group(orgName, groupName, age);
    }

    @Override
    public Directory recent() {
        return source.recent();
    }

    @Override
    public Directory present() {
        return source.present();
    }
}
