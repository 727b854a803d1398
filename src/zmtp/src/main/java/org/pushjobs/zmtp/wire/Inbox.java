package org.pushjobs.zmtp.wire;

/** Where a {@link MessageReader} puts what it has read, and what a connection keeps between two readings. */
public abstract class Inbox {
    private UnfinishedMessage unfinished;

    /** Whether reading may go on. */
    public abstract boolean wantsMore();

    /** A whole message; valid during the call. */
    public abstract void message(Frames frames) throws ProtocolException;

    /** A command's body, name included; valid during the call. */
    public abstract void command(byte[] array, int offset, int length) throws ProtocolException;

    /**
     * Whether a frame of more than {@value MessageReader#LARGE_FRAME_BYTES} bytes may be read, the beginning of which has come.
     * When not, the bytes stay where they are, and it is asked again when they are read anew.
     */
    public abstract boolean takesLargeFrame();

    final void takeUnfinished(Frames target) {
        if (unfinished != null) {
            target.restore(unfinished);
            unfinished = null;
        }
    }

    final void keepUnfinished(Frames source) {
        unfinished = source.save();
    }
}
