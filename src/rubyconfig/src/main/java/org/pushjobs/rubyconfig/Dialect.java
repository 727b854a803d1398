package org.pushjobs.rubyconfig;

/** Which program a file was written for: what reading a setting that is not set gives. */
public enum Dialect {
    /** chef-client's and knife's files: {@code nil}, but a hash for {@code knife}. */
    CHEF("chef"),
    /** Chef server's files and those of its add-ons: a hash which comes into being, at any depth. */
    CHEF_SERVER("chef_server");

    private final String argument;

    Dialect(String argument) {
        this.argument = argument;
    }

    /** Its name on the evaluator's command line. */
    String argument() {
        return argument;
    }
}
