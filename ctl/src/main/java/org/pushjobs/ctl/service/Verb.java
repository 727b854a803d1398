package org.pushjobs.ctl.service;

/** What can be done with a running service: the command's name, sv's name for it, and what it does. */
public enum Verb {
    STATUS("status", "status", "Show the status of all the services."),
    START("start", "start", "Start services if they are down, and restart them if they stop."),
    STOP("stop", "stop", "Stop the services, and do not restart them."),
    RESTART("restart", "restart", "Stop the services if they are running, then start them again."),
    ONCE("once", "once", "Start the services if they are down. Do not restart them if they stop."),
    HUP("hup", "hup", "Send the services a HUP."),
    TERM("term", "term", "Send the services a TERM."),
    INT("int", "int", "Send the services an INT."),
    KILL("kill", "kill", "Send the services a KILL."),
    USR1("usr1", "1", "Send the services a USR1."),
    USR2("usr2", "2", "Send the services a USR2.");

    private final String command;
    private final String sv;
    private final String description;

    Verb(String command, String sv, String description) {
        this.command = command;
        this.sv = sv;
        this.description = description;
    }

    public String command() {
        return command;
    }

    public String sv() {
        return sv;
    }

    public String description() {
        return description;
    }
}
