package org.pushjobs.ctl.commands;

/** What is asked of the server of this machine where several servers share the work (docs/ctl.md, "Who runs the jobs"). */
enum ClusterVerb {
    STATUS("ha-status", "status", "Show which server runs the jobs, who there is, and what would happen if one died."),
    PROMOTE("ha-promote", "promote", "Make this server the one that runs the jobs."),
    DRAIN("drain", "drain", "Get this server out of use: another one runs the jobs, and agents go where they are led."),
    UNDRAIN("undrain", "undrain", "Take this server into use again.");

    private final String command;
    private final String word;
    private final String description;

    ClusterVerb(String command, String word, String description) {
        this.command = command;
        this.word = word;
        this.description = description;
    }

    /** Its name here. */
    String command() {
        return command;
    }

    /** Its name on the server's own command line. */
    String word() {
        return word;
    }

    String description() {
        return description;
    }
}
