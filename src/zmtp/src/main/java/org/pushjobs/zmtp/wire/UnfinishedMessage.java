package org.pushjobs.zmtp.wire;

/** The first frames of a message, kept by a connection until the rest comes. */
record UnfinishedMessage(byte[] bytes, int[] offsets, int[] lengths, int dropped) {}
