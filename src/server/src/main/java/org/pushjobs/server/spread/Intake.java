package org.pushjobs.server.spread;

/** Whether a gateway wants agents. */
public enum Intake {
    OPEN,

    /** It has more than its share and has asked some to go: others are to take those who come. */
    TOO_MANY,

    /** It takes none as long as another gateway does: it stops, or is being drained. */
    CLOSED
}
