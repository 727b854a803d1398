package org.pushjobs.ctl.layout;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The add-on's own files and directories, below a root directory that is {@code /} but for tests.
 *
 * @param root an absolute path
 */
public record Layout(Path root) {
    /** The package's name, and that of its directories. */
    public static final String NAME = "opscode-push-jobs-server";

    /** The service's name in the Chef server's tree, which {@code chef-server-ctl} knows it by. */
    public static final String SERVICE = "opscode-pushy-server";

    public Layout {
        Objects.requireNonNull(root, "root");
        if (!root.isAbsolute()) {
            throw new IllegalArgumentException("the root directory must be absolute, it is " + root);
        }
    }

    /** The file that is {@code path} for programs whose root directory is ours. */
    public Path at(String path) {
        return path.startsWith("/") ? root.resolve(path.substring(1)) : root.resolve(path);
    }

    public Path configuration() {
        return at("/etc/" + NAME);
    }

    public Path settings() {
        return configuration().resolve(NAME + ".rb");
    }

    public Path running() {
        return configuration().resolve(NAME + "-running.json");
    }

    public Path state() {
        return at("/var/opt/" + NAME);
    }

    /** There once the service was started for the first time. */
    public Path bootstrapped() {
        return state().resolve("bootstrapped");
    }

    /** What a reconfigure that was interrupted has still to restart. */
    public Path pending() {
        return state().resolve("pending");
    }

    public Path chefServerRunning() {
        return at("/etc/opscode/chef-server-running.json");
    }

    public Path chefServerSecrets() {
        return at("/etc/opscode/private-chef-secrets.json");
    }

    /** Of a server without a Chef server. */
    public Path ownSecrets() {
        return configuration().resolve("private-chef-secrets.json");
    }

    /** Passwords as versions up to 2.1 kept them. */
    public Path oldSecrets() {
        return configuration().resolve(NAME + "-secrets.json");
    }
}
