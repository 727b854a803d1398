package org.pushjobs.ctl.database;

import java.util.List;
import org.pushjobs.ctl.CtlException;

/** Something that is to be so in a database server. */
public interface DatabaseState {
    /** What is not, a line each, for people. Changes nothing. */
    List<String> difference() throws CtlException;

    /** Makes it so; does no harm where it is so already, or was left half done. */
    void apply() throws CtlException;
}
