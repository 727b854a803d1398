package org.pushjobs.ctl.commands;

/** What commands are listed under in the help, in its order. */
public enum Category {
    GENERAL("General Commands"),
    SERVICE_MANAGEMENT("Service Management Commands"),
    HIGH_AVAILABILITY("High Availability Commands"),
    DATABASE("Database Commands"),
    DIRECTORY("Directory Commands");

    private final String title;

    Category(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
