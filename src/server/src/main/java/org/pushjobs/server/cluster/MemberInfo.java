package org.pushjobs.server.cluster;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.pushjobs.config.ServerRole;
import org.pushjobs.platform.machine.HostName;
import org.pushjobs.server.Build;

/**
 * What a member tells the others about itself when it joins; it stays so for its life.
 *
 * @param name for people, such as the name of its machine
 * @param version of the server
 * @param process its id, another one in each life
 * @param roles what it does, as far as this version knows it
 */
public record MemberInfo(String name, String version, String process, Set<ServerRole> roles) {
    private static final String NAME = "pushjobs.name";
    private static final String VERSION = "pushjobs.version";
    private static final String ROLES = "pushjobs.roles";
    private static final String PROCESS = "pushjobs.process";

    public MemberInfo {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(process, "process");
        roles = Set.copyOf(roles);
    }

    /** What this process tells. */
    public static MemberInfo ofThisProcess(String process, Set<ServerRole> roles) {
        return new MemberInfo(HostName.ofThisMachine(), Build.version(), process, roles);
    }

    /** Id of its gateway, if it has one. */
    public Optional<String> gateway() {
        return Optional.of(process).filter(_ -> roles.contains(ServerRole.GATEWAY));
    }

    /** Whether they are of one version or of two that follow each other, or that is not known. */
    boolean isNeighbourOf(MemberInfo other) {
        Optional<ServerVersion> own = ServerVersion.parse(version);
        Optional<ServerVersion> its = ServerVersion.parse(other.version);
        return own.isEmpty() || its.isEmpty() || own.get().isNeighbourOf(its.get());
    }

    Map<String, String> attributes() {
        String roleNames = new TreeSet<>(roles).stream().map(ServerRole::name).collect(Collectors.joining(","));
        return Map.of(NAME, name, VERSION, version, PROCESS, process, ROLES, roleNames);
    }

    /** What another version says besides is passed over, what it does not say is empty. */
    static MemberInfo of(Map<String, String> attributes) {
        Set<String> roleNames = Set.of(attributes.getOrDefault(ROLES, "").split(","));
        return new MemberInfo(
                attributes.getOrDefault(NAME, ""),
                attributes.getOrDefault(VERSION, ""),
                attributes.getOrDefault(PROCESS, ""),
                Arrays.stream(ServerRole.values())
                        .filter(role -> roleNames.contains(role.name()))
                        .collect(Collectors.toSet()));
    }
}
