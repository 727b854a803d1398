package org.pushjobs.server.store;

import java.util.Objects;
import java.util.Optional;

/** Who has keys in the directory: a user of the whole server, or a client (node) of one organisation. */
public sealed interface KeyHolder {
    String name();

    /** Empty for a user. */
    Optional<String> orgName();

    /** For people. */
    String text();

    /** As an option of the command line. */
    String option();

    /** By whose right agents' keys were admitted. */
    Claimant claimant();

    record User(String name) implements KeyHolder {
        public User {
            Objects.requireNonNull(name, "name");
        }

        @Override
        public Optional<String> orgName() {
            return Optional.empty();
        }

        @Override
        public String text() {
            return "user '" + name + "'";
        }

        @Override
        public String option() {
            return "--user " + name;
        }

        @Override
        public Claimant claimant() {
            return Claimant.user(name);
        }
    }

    /** @param organisation its name */
    record Client(String organisation, String name) implements KeyHolder {
        public Client {
            Objects.requireNonNull(organisation, "organisation");
            Objects.requireNonNull(name, "name");
        }

        @Override
        public Optional<String> orgName() {
            return Optional.of(organisation);
        }

        @Override
        public String text() {
            return "client '" + name + "' of organisation '" + organisation + "'";
        }

        @Override
        public String option() {
            return "--client " + organisation + "/" + name;
        }

        @Override
        public Claimant claimant() {
            return Claimant.client(name);
        }
    }
}
