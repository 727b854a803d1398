package org.pushjobs.agent.link;

/** The two frames of a message; treat the arrays as read-only. */
record Frames(byte[] header, byte[] body) {}
