package org.pushjobs.ctl.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Objects;
import java.util.Set;

/**
 * Who may do what with a file or a directory.
 *
 * @param owner the name of a user
 * @param group the name of a group
 * @param permissions as {@code ls} shows them, {@code rwxr-xr-x}
 */
public record Access(String owner, String group, String permissions) {
    private static final String ROOT = "root";

    public Access {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(group, "group");
        PosixFilePermissions.fromString(permissions);
    }

    /** Of files that only root writes. */
    public static Access ofRoot(String permissions) {
        return new Access(ROOT, ROOT, permissions);
    }

    /** Of files of a user, and root's group. */
    public static Access of(String owner, String permissions) {
        return new Access(owner, ROOT, permissions);
    }

    /** That of a file that is there. */
    public static Access of(Path file) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new Access(
                attributes.owner().getName(),
                attributes.group().getName(),
                PosixFilePermissions.toString(attributes.permissions()));
    }

    Set<PosixFilePermission> permissionSet() {
        return PosixFilePermissions.fromString(permissions);
    }

    /** Gives it to a file, its owner first, so that nobody has it with more rights than are meant. */
    public void giveTo(Path file) throws IOException {
        if (of(file).equals(this)) {
            return;
        }
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        UserPrincipalLookupService names = FileSystems.getDefault().getUserPrincipalLookupService();
        UserPrincipal user = named("user", owner, names::lookupPrincipalByName);
        GroupPrincipal usersGroup = named("group", group, names::lookupPrincipalByGroupName);
        view.setOwner(user);
        view.setGroup(usersGroup);
        view.setPermissions(permissionSet());
    }

    @FunctionalInterface
    private interface LookUp<T> {
        T of(String name) throws IOException;
    }

    private static <T> T named(String kind, String name, LookUp<T> lookUp) throws IOException {
        try {
            return lookUp.of(name);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("there is no " + kind + " " + name + " on this machine", e);
        }
    }

    /** {@code opscode:root 0600}. */
    @Override
    public String toString() {
        int mode = 0;
        for (PosixFilePermission permission : permissionSet()) {
            mode |= 0400 >> permission.ordinal();
        }
        return "%s:%s %04o".formatted(owner, group, mode);
    }
}
