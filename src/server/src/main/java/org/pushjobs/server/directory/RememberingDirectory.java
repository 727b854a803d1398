package org.pushjobs.server.directory;

import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A directory that remembers what it was told, and asks again where that is too old for what it is needed for. */
abstract class RememberingDirectory implements Directory {
    private final Timing timing;

    /** @param timing of what is remembered */
    RememberingDirectory(Timing timing) {
        this.timing = Objects.requireNonNull(timing, "timing");
    }

    abstract Future<Optional<Organisation>> organisation(String orgName, Age age);

    abstract Future<List<Principal>> principals(String orgName, String name, Age age);

    abstract Future<Optional<Group>> group(String orgName, String groupName, Age age);

    @Override
    public final Future<Optional<Organisation>> organisation(String orgName) {
        return organisation(orgName, new Age.Remembered());
    }

    @Override
    public final Future<List<Principal>> principals(String orgName, String name) {
        return principals(orgName, name, new Age.Remembered());
    }

    @Override
    public final Future<Optional<Group>> group(String orgName, String groupName) {
        return group(orgName, groupName, new Age.Remembered());
    }

    @Override
    public final Directory recent() {
        return new AgedDirectory(this, new Age.Recent(timing.nanos()));
    }

    @Override
    public final Directory present() {
        return new AgedDirectory(this, new Age.Present(timing.nanos()));
    }
}
