package org.pushjobs.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemKeysTest {
    private static final KeyPair RSA = PemKeys.generate();
    private static final RSAPublicKey PUBLIC_KEY = (RSAPublicKey) RSA.getPublic();
    private static final RSAPrivateKey PRIVATE_KEY = (RSAPrivateKey) RSA.getPrivate();
    private static final BouncyCastleProvider BOUNCY_CASTLE = new BouncyCastleProvider();
    private static final char[] PASS_PHRASE = "secret".toCharArray();

    static Stream<Named<String>> formsOfAPublicKey() throws Exception {
        return Stream.of(
                Named.of("SPKI", pem("PUBLIC KEY", PUBLIC_KEY.getEncoded())),
                Named.of("PKCS#1", pem("RSA PUBLIC KEY", pkcs1(PUBLIC_KEY))),
                Named.of("X.509", certificate(RSA, "SHA256withRSA")));
    }

    static Stream<Named<String>> formsOfAPrivateKey() throws Exception {
        return Stream.of(
                Named.of("PKCS#1", pem("RSA PRIVATE KEY", pkcs1(PRIVATE_KEY))),
                Named.of("PKCS#8", pem("PRIVATE KEY", PRIVATE_KEY.getEncoded())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formsOfAPublicKey")
    void publicKeyIsReadFromEachOfItsForms(String pem) {
        assertThat(PemKeys.publicKey(pem)).isEqualTo(PUBLIC_KEY);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formsOfAPrivateKey")
    void privateKeyIsReadFromEachOfItsForms(String pem) {
        assertThat(PemKeys.privateKey(pem)).isEqualTo(PRIVATE_KEY);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formsOfAPrivateKey")
    void lineBreaksOfWindowsAndTextAroundTheKeyDoNotMatter(String pem) {
        assertThat(PemKeys.privateKey("My key:\r\n\r\n" + pem.replace("\n", "\r\n") + "\r\n\r\n# end"))
                .isEqualTo(PRIVATE_KEY);
    }

    @Test
    void writtenKeysAreRead() {
        assertThat(PemKeys.publicKey(PemKeys.toPem(PUBLIC_KEY))).isEqualTo(PUBLIC_KEY);
        assertThat(PemKeys.privateKey(PemKeys.toPem(PRIVATE_KEY))).isEqualTo(PRIVATE_KEY);
    }

    @Test
    void writtenKeysHaveTheLinesOfOpenssl() throws IOException {
        assertThat(PemKeys.toPem(PUBLIC_KEY)).isEqualTo(written(PUBLIC_KEY));
        assertThat(PemKeys.toPem(PRIVATE_KEY)).isEqualTo(written(new JcaPKCS8Generator(PRIVATE_KEY, null)));
    }

    @Test
    void generatedKeyHas2048Bits() {
        assertThat(PUBLIC_KEY.getModulus().bitLength()).isEqualTo(2048);
        assertThat(PRIVATE_KEY.getModulus()).isEqualTo(PUBLIC_KEY.getModulus());
    }

    static Stream<Arguments> textThatIsNoPublicKey() throws Exception {
        KeyPair ec = ecKeys();
        KeyPair pss = pssKeys();
        return Stream.of(
                Arguments.of(
                        "a PKCS#1 private key",
                        pem("RSA PRIVATE KEY", pkcs1(PRIVATE_KEY)),
                        "the text is a private key"),
                Arguments.of("a PKCS#8 private key", PemKeys.toPem(PRIVATE_KEY), "the text is a private key"),
                Arguments.of("an encrypted PKCS#1 key", encryptedPkcs1(), "the text is a private key"),
                Arguments.of("an encrypted PKCS#8 key", encryptedPkcs8(), "the text is a private key"),
                Arguments.of("an EC key", written(ec.getPublic()), "an RSA key is wanted, this is an EC key"),
                Arguments.of(
                        "a certificate of an EC key",
                        certificate(ec, "SHA256withECDSA"),
                        "an RSA key is wanted, this is an EC key"),
                Arguments.of(
                        "a key for PSS only",
                        pem("PUBLIC KEY", pss.getPublic().getEncoded()),
                        "an RSA key is wanted, this is a key of algorithm 1.2.840.113549.1.1.10"));
    }

    static Stream<Arguments> textThatIsNoPrivateKey() throws Exception {
        KeyPair ec = ecKeys();
        KeyPair pss = pssKeys();
        return Stream.of(
                Arguments.of("a public key", PemKeys.toPem(PUBLIC_KEY), "the text is a public one"),
                Arguments.of(
                        "a PKCS#1 public key", pem("RSA PUBLIC KEY", pkcs1(PUBLIC_KEY)), "the text is a public one"),
                Arguments.of("a certificate", certificate(RSA, "SHA256withRSA"), "the text is a public one"),
                Arguments.of(
                        "an encrypted PKCS#1 key", encryptedPkcs1(), "protected by a pass phrase; remove it first"),
                Arguments.of(
                        "an encrypted PKCS#8 key", encryptedPkcs8(), "protected by a pass phrase; remove it first"),
                Arguments.of("an EC key", written(ec.getPrivate()), "an RSA key is wanted, this is an EC key"),
                Arguments.of(
                        "a PKCS#8 EC key",
                        written(new JcaPKCS8Generator(ec.getPrivate(), null)),
                        "an RSA key is wanted, this is an EC key"),
                Arguments.of(
                        "a key for PSS only",
                        pem("PRIVATE KEY", pss.getPrivate().getEncoded()),
                        "an RSA key is wanted, this is a key of algorithm 1.2.840.113549.1.1.10"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("textThatIsNoPublicKey")
    void anotherKindOfKeyIsNoPublicKey(String kind, String pem, String problem) {
        assertThatThrownBy(() -> PemKeys.publicKey(pem))
                .isInstanceOf(InvalidKeyTextException.class)
                .hasMessageEndingWith(problem);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("textThatIsNoPrivateKey")
    void anotherKindOfKeyIsNoPrivateKey(String kind, String pem, String problem) {
        assertThatThrownBy(() -> PemKeys.privateKey(pem))
                .isInstanceOf(InvalidKeyTextException.class)
                .hasMessageEndingWith(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "ssh-rsa AAAAB3Nza", "-----BEGIN", "MIIBIjANBgkqhkiG9w0BAQEF"})
    void textWithoutAPemBlockIsRefused(String text) {
        for (Function<String, ?> reader : readers()) {
            assertThatThrownBy(() -> reader.apply(text))
                    .isInstanceOf(InvalidKeyTextException.class)
                    .hasMessage("the text holds no PEM block (-----BEGIN ...-----)");
        }
    }

    @Test
    void blockThatIsNoKeyIsRefused() {
        String parameters = pem("EC PARAMETERS", new byte[] {6, 8, 42, (byte) 134, 72, (byte) 206, 61, 3, 1, 7});
        for (Function<String, ?> reader : readers()) {
            assertThatThrownBy(() -> reader.apply(parameters))
                    .isInstanceOf(InvalidKeyTextException.class)
                    .hasMessage("the PEM block -----BEGIN EC PARAMETERS----- is no key");
            assertThatThrownBy(() -> reader.apply(pem("POETRY", new byte[] {1, 2, 3})))
                    .isInstanceOf(InvalidKeyTextException.class)
                    .hasMessageStartingWith("the PEM block is damaged: ");
        }
    }

    static Stream<Named<String>> damagedText() throws Exception {
        String spki = PemKeys.toPem(PUBLIC_KEY);
        String pkcs8 = PemKeys.toPem(PRIVATE_KEY);
        return Stream.of(
                Named.of("a public key without its end line", spki.substring(0, spki.indexOf("-----END"))),
                Named.of("half of a private key", pkcs8.substring(0, pkcs8.length() / 2)),
                Named.of("a public key without a line", withoutLine(spki, 2)),
                Named.of("a private key without a line", withoutLine(pkcs8, 5)),
                Named.of("a PKCS#1 key without a line", withoutLine(pem("RSA PRIVATE KEY", pkcs1(PRIVATE_KEY)), 5)),
                Named.of("a certificate without a line", withoutLine(certificate(RSA, "SHA256withRSA"), 5)),
                Named.of("characters that are no base64", spki.replaceFirst("MII", "M%I")),
                Named.of("a character too many", spki.replaceFirst("MII", "MMII")),
                Named.of("no content", pem("PUBLIC KEY", new byte[0])),
                Named.of("zeros", pem("PRIVATE KEY", new byte[100])),
                Named.of("a private key called a public one", pem("PUBLIC KEY", PRIVATE_KEY.getEncoded())),
                Named.of("a public key called a private one", pem("PRIVATE KEY", PUBLIC_KEY.getEncoded())),
                Named.of(
                        "a key of 256 bits",
                        pem("RSA PUBLIC KEY", sequence(BigInteger.ONE.shiftLeft(255), BigInteger.valueOf(65_537)))),
                Named.of(
                        "an exponent of zero",
                        pem("RSA PUBLIC KEY", sequence(PUBLIC_KEY.getModulus(), BigInteger.ZERO))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damagedText")
    void damagedTextIsRefusedWithoutRepeatingIt(String text) {
        for (Function<String, ?> reader : readers()) {
            assertThatThrownBy(() -> reader.apply(text))
                    .isInstanceOf(InvalidKeyTextException.class)
                    .satisfies(
                            e -> assertThat(e.getMessage()).hasSizeLessThan(200).doesNotContain("MII"));
        }
    }

    @Property
    void textWithAnyByteOfTheKeyChangedIsReadOrRefused(@ForAll @IntRange(max = 1300) int place, @ForAll byte value)
            throws IOException {
        for (byte[] der : new byte[][] {PUBLIC_KEY.getEncoded(), PRIVATE_KEY.getEncoded(), pkcs1(PRIVATE_KEY)}) {
            byte[] changed = der.clone();
            changed[place % der.length] = value;
            for (String label : new String[] {
                "PUBLIC KEY", "RSA PUBLIC KEY", "PRIVATE KEY", "RSA PRIVATE KEY", "CERTIFICATE", "ENCRYPTED PRIVATE KEY"
            }) {
                assertReadOrRefused(pem(label, changed));
            }
        }
    }

    @Property
    void textWithAnyCharacterChangedIsReadOrRefused(@ForAll @IntRange(max = 2000) int place, @ForAll char value) {
        for (String pem : new String[] {PemKeys.toPem(PUBLIC_KEY), PemKeys.toPem(PRIVATE_KEY)}) {
            StringBuilder changed = new StringBuilder(pem);
            changed.setCharAt(place % pem.length(), value);
            assertReadOrRefused(changed.toString());
        }
    }

    private static void assertReadOrRefused(String text) {
        for (Function<String, ?> reader : readers()) {
            try {
                assertThat(reader.apply(text)).isNotNull();
            } catch (InvalidKeyTextException e) {
                assertThat(e).message().isNotBlank();
            }
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Function<String, ?>[] readers() {
        return new Function[] {
            (Function<String, RSAPublicKey>) PemKeys::publicKey, (Function<String, RSAPrivateKey>) PemKeys::privateKey
        };
    }

    private static KeyPair ecKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static KeyPair pssKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSASSA-PSS");
        generator.initialize(1024);
        return generator.generateKeyPair();
    }

    private static String certificate(KeyPair keys, String algorithm) throws Exception {
        X500Name name = new X500Name("CN=web-1");
        ContentSigner signer = new JcaContentSignerBuilder(algorithm).build(keys.getPrivate());
        return written(new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(Instant.parse("2026-01-01T00:00:00Z")),
                        Date.from(Instant.parse("2036-01-01T00:00:00Z")),
                        name,
                        keys.getPublic())
                .build(signer));
    }

    private static String encryptedPkcs1() throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(
                    PRIVATE_KEY,
                    new JcePEMEncryptorBuilder("AES-128-CBC")
                            .setProvider(BOUNCY_CASTLE)
                            .build(PASS_PHRASE));
        }
        return text.toString();
    }

    private static String encryptedPkcs8() throws Exception {
        return written(new JcaPKCS8Generator(
                PRIVATE_KEY,
                new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                        .setProvider(BOUNCY_CASTLE)
                        .setRandom(new SecureRandom())
                        .setPassword(PASS_PHRASE)
                        .build()));
    }

    private static byte[] pkcs1(RSAPublicKey key) throws IOException {
        return SubjectPublicKeyInfo.getInstance(key.getEncoded())
                .parsePublicKey()
                .getEncoded();
    }

    private static byte[] pkcs1(RSAPrivateKey key) throws IOException {
        return PrivateKeyInfo.getInstance(key.getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
    }

    private static byte[] sequence(BigInteger modulus, BigInteger exponent) throws IOException {
        return new org.bouncycastle.asn1.pkcs.RSAPublicKey(modulus, exponent).getEncoded();
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    private static String withoutLine(String pem, int line) {
        String[] lines = pem.split("\n");
        lines[line] = "";
        return String.join("\n", lines) + "\n";
    }

    private static String written(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
