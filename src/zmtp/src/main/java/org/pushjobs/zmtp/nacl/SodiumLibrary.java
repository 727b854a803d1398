package org.pushjobs.zmtp.nacl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * The functions of libsodium, found once per process. They work on Java arrays directly, without a copy. The handles are
 * constants because only those are compiled to plain calls.
 */
@SuppressWarnings("restricted")
final class SodiumLibrary {
    /** Where it is looked for, the best first. */
    static final List<String> NAMES = List.of("libsodium.so.26", "libsodium.so.23", "libsodium.so", "libsodium.dylib");

    private static final Optional<SymbolLookup> LIBRARY =
            NAMES.stream().map(SodiumLibrary::open).flatMap(Optional::stream).findFirst();

    private SodiumLibrary() {}

    static boolean isPresent() {
        return LIBRARY.isPresent();
    }

    private static Optional<SymbolLookup> open(String name) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static MethodHandle find(String name, FunctionDescriptor type) {
        SymbolLookup library = LIBRARY.orElseThrow();
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type, Linker.Option.critical(true));
    }

    /** To be touched only when {@link #isPresent}. */
    static final class Functions {
        static final MethodHandle INIT = find("sodium_init", FunctionDescriptor.of(JAVA_INT));
        static final MethodHandle RANDOM = find("randombytes_buf", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
        static final MethodHandle KEY_PAIR =
                find("crypto_box_keypair", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        static final MethodHandle PUBLIC_KEY =
                find("crypto_scalarmult_base", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        static final MethodHandle SHARED_KEY =
                find("crypto_box_beforenm", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle SEAL = find(
                "crypto_secretbox_detached",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
        static final MethodHandle OPEN = find(
                "crypto_secretbox_open_detached",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));

        private Functions() {}
    }
}
