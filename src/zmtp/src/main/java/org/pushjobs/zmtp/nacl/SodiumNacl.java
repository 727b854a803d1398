package org.pushjobs.zmtp.nacl;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.pushjobs.zmtp.nacl.SodiumLibrary.Functions;

/** NaCl by libsodium. */
public final class SodiumNacl implements Nacl {
    private SodiumNacl() {
        try {
            if ((int) Functions.INIT.invokeExact() < 0) {
                throw new IllegalStateException("libsodium could not be initialised");
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Empty when libsodium is not installed. */
    public static Optional<SodiumNacl> find() {
        return SodiumLibrary.isPresent() ? Optional.of(new SodiumNacl()) : Optional.empty();
    }

    @Override
    public String description() {
        return "libsodium";
    }

    @Override
    public KeyPair newKeyPair() {
        byte[] publicKey = new byte[KEY_BYTES];
        byte[] secretKey = new byte[KEY_BYTES];
        try {
            int ignored = (int)
                    Functions.KEY_PAIR.invokeExact(MemorySegment.ofArray(publicKey), MemorySegment.ofArray(secretKey));
        } catch (Throwable e) {
            throw unexpected(e);
        }
        return new KeyPair(publicKey, secretKey);
    }

    @Override
    public byte[] publicKey(byte[] secretKey) {
        Nacl.requireKey(secretKey);
        byte[] publicKey = new byte[KEY_BYTES];
        try {
            int ignored = (int) Functions.PUBLIC_KEY.invokeExact(
                    MemorySegment.ofArray(publicKey), MemorySegment.ofArray(secretKey));
        } catch (Throwable e) {
            throw unexpected(e);
        }
        return publicKey;
    }

    @Override
    public Optional<byte[]> sharedKey(byte[] publicKey, byte[] secretKey) {
        Nacl.requireKey(publicKey);
        Nacl.requireKey(secretKey);
        byte[] shared = new byte[KEY_BYTES];
        try {
            int result = (int) Functions.SHARED_KEY.invokeExact(
                    MemorySegment.ofArray(shared), MemorySegment.ofArray(publicKey), MemorySegment.ofArray(secretKey));
            return result == 0 ? Optional.of(shared) : Optional.empty();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public void random(byte[] target) {
        try {
            Functions.RANDOM.invokeExact(MemorySegment.ofArray(target), (long) target.length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public SecretBox newBox() {
        return new SodiumBox();
    }

    /** What a method handle may throw by its signature and a C function never does. */
    static RuntimeException unexpected(Throwable e) {
        return e instanceof RuntimeException known ? known : new IllegalStateException("libsodium failed", e);
    }
}
