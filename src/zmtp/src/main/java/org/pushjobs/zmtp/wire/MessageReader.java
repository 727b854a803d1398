package org.pushjobs.zmtp.wire;

import io.netty.buffer.ByteBuf;

/**
 * Turns the bytes of ready connections into messages and commands. One per event loop: between two calls it holds nothing
 * of a connection, whose own state is its {@link Inbox}.
 */
public final class MessageReader {
    /** Above it a frame is a large one. */
    public static final int LARGE_FRAME_BYTES = 16 * 1024;

    private final int maxFrameBytes;
    private final int maxMessageBytes;
    private final Frames frames;
    private final FrameHeader header = new FrameHeader();
    private final FrameCodec.Content content;

    /**
     * @param maxFrames kept of a message; the others are counted only
     * @param maxMessageBytes of all frames that are kept
     */
    public MessageReader(int maxFrameBytes, int maxFrames, int maxMessageBytes) {
        this.maxFrameBytes = maxFrameBytes;
        this.maxMessageBytes = maxMessageBytes;
        this.frames = new Frames(maxFrames);
        this.content = new FrameCodec.Content(frames);
    }

    /**
     * Reads whole frames until there are no more or the inbox takes no more. What is left stays in the buffer.
     *
     * @throws ProtocolException when the peer is to be disconnected
     */
    public void read(ByteBuf in, FrameCodec codec, Inbox inbox) throws ProtocolException {
        frames.clear();
        inbox.takeUnfinished(frames);
        int maxLength = maxFrameBytes + codec.overhead();
        while (inbox.wantsMore()
                && header.look(in, maxLength)
                && (header.length() <= LARGE_FRAME_BYTES || inbox.takesLargeFrame())
                && header.take(in)) {
            int flags = codec.decode(header.flags(), header.length(), in, content);
            if ((flags & FrameHeader.COMMAND) != 0) {
                inbox.command(frames.array(), content.offset(), content.length());
            } else {
                frame(flags, inbox);
            }
        }
        if (!frames.isEmpty()) {
            inbox.keepUnfinished(frames);
        }
    }

    private void frame(int flags, Inbox inbox) throws ProtocolException {
        frames.add(content.offset(), content.length());
        if (frames.size() > maxMessageBytes) {
            throw new ProtocolException(
                    CloseReason.MESSAGE_TOO_LARGE, "a message of more than " + maxMessageBytes + " bytes");
        }
        if ((flags & FrameHeader.MORE) == 0) {
            inbox.message(frames);
            frames.clear();
        }
    }
}
