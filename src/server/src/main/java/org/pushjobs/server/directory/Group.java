package org.pushjobs.server.directory;

import java.util.Set;

/** Direct members of a group, by name. */
public record Group(Set<String> users, Set<String> clients, Set<String> groups) {
    public Group {
        users = Set.copyOf(users);
        clients = Set.copyOf(clients);
        groups = Set.copyOf(groups);
    }

    /** How many members it has. */
    int size() {
        return users.size() + clients.size() + groups.size();
    }
}
