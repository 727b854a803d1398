package org.pushjobs.zmtp.nacl;

import java.lang.foreign.MemorySegment;
import org.pushjobs.zmtp.nacl.SodiumLibrary.Functions;

/** XSalsa20 and Poly1305 by libsodium, without a copy. */
final class SodiumBox implements SecretBox {
    @Override
    public void seal(byte[] key, byte[] nonce, byte[] buffer, int offset, int length) {
        MemorySegment segment = MemorySegment.ofArray(buffer);
        MemorySegment mac = segment.asSlice(offset, Nacl.MAC_BYTES);
        MemorySegment content = segment.asSlice((long) offset + Nacl.MAC_BYTES, length);
        try {
            int ignored = (int) Functions.SEAL.invokeExact(
                    content, mac, content, (long) length, MemorySegment.ofArray(nonce), MemorySegment.ofArray(key));
        } catch (Throwable e) {
            throw SodiumNacl.unexpected(e);
        }
    }

    @Override
    public boolean open(byte[] key, byte[] nonce, byte[] buffer, int offset, int length) {
        int contentLength = length - Nacl.MAC_BYTES;
        if (contentLength < 0) {
            return false;
        }
        MemorySegment segment = MemorySegment.ofArray(buffer);
        MemorySegment mac = segment.asSlice(offset, Nacl.MAC_BYTES);
        MemorySegment content = segment.asSlice((long) offset + Nacl.MAC_BYTES, contentLength);
        try {
            return (int) Functions.OPEN.invokeExact(
                            content,
                            content,
                            mac,
                            (long) contentLength,
                            MemorySegment.ofArray(nonce),
                            MemorySegment.ofArray(key))
                    == 0;
        } catch (Throwable e) {
            throw SodiumNacl.unexpected(e);
        }
    }
}
