package org.pushjobs.ctl.plan;

/** What a change makes necessary, in the order in which it is done. */
public enum Effect {
    /** Systemd reads the unit's file. */
    RELOAD_SYSTEMD,
    /** The log's service reads its configuration. */
    RELOAD_LOG,
    /** The server reads its file when it starts. */
    RESTART_SERVICE,
    /** A supervisor that is given the service has to see it first; until then no command can act on it. */
    AWAIT_SUPERVISOR,
    /** The first reconfigure starts the server. */
    START_SERVICE,
    /** Nginx reads what the add-on has it include. */
    RELOAD_NGINX
}
