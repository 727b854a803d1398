package org.pushjobs.workstation.screen;

/** Under which name the program was called: under knife's it writes what scripts know from knife. */
public enum CalledAs {
    PUSHJOBS,
    KNIFE_PUSH;

    /** @param name of the program, without its directory */
    public static CalledAs of(String name) {
        return name.equals("knife-push") ? KNIFE_PUSH : PUSHJOBS;
    }
}
