package org.pushjobs.protocol.keys;

import java.io.IOException;
import java.io.StringReader;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** Reads every form of PEM text that there is, and says what a text is that holds no key of ours. */
final class BouncyCastlePem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String BEGIN_END = "-----";

    private BouncyCastlePem() {}

    /**
     * Reads a public key from {@code BEGIN PUBLIC KEY} (SPKI), {@code BEGIN RSA PUBLIC KEY} (PKCS#1) or
     * {@code BEGIN CERTIFICATE} (X.509).
     *
     * @throws InvalidKeyTextException says what the text is instead
     */
    static RSAPublicKey publicKey(String pem) {
        SubjectPublicKeyInfo info = switch (parse(pem)) {
            case SubjectPublicKeyInfo spki -> spki;
            case X509CertificateHolder certificate -> certificate.getSubjectPublicKeyInfo();
            case PEMKeyPair _, PrivateKeyInfo _, PEMEncryptedKeyPair _, PKCS8EncryptedPrivateKeyInfo _ ->
                throw new InvalidKeyTextException("a public key is wanted, the text is a private key");
            default -> throw notAKey(pem);
        };
        checkRsa(info.getAlgorithm());
        try {
            return (RSAPublicKey) new JcaPEMKeyConverter().getPublicKey(info);
        } catch (PEMException e) {
            throw new InvalidKeyTextException("the public key cannot be read: " + e.getMessage());
        }
    }

    /**
     * Reads a private key from {@code BEGIN RSA PRIVATE KEY} (PKCS#1) or {@code BEGIN PRIVATE KEY} (PKCS#8).
     *
     * @throws InvalidKeyTextException says what the text is instead
     */
    static RSAPrivateKey privateKey(String pem) {
        PrivateKeyInfo info = switch (parse(pem)) {
            case PEMKeyPair pair -> pair.getPrivateKeyInfo();
            case PrivateKeyInfo pkcs8 -> pkcs8;
            case PEMEncryptedKeyPair _, PKCS8EncryptedPrivateKeyInfo _ ->
                throw new InvalidKeyTextException("the private key is protected by a pass phrase; remove it first");
            case SubjectPublicKeyInfo _, X509CertificateHolder _ ->
                throw new InvalidKeyTextException("a private key is wanted, the text is a public one");
            default -> throw notAKey(pem);
        };
        checkRsa(info.getPrivateKeyAlgorithm());
        try {
            return (RSAPrivateKey) new JcaPEMKeyConverter().getPrivateKey(info);
        } catch (PEMException e) {
            throw new InvalidKeyTextException("the private key cannot be read: " + e.getMessage());
        }
    }

    private static Object parse(String pem) {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            Object parsed = parser.readObject();
            if (parsed == null) {
                throw new InvalidKeyTextException("the text holds no PEM block (-----BEGIN ...-----)");
            }
            return parsed;
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidKeyTextException("the PEM block is damaged: " + e.getMessage());
        }
    }

    /** Keys restricted to PSS are refused too: they look like RSA keys and then fail to sign or to verify. */
    private static void checkRsa(AlgorithmIdentifier algorithm) {
        ASN1ObjectIdentifier id = algorithm.getAlgorithm();
        if (!id.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            throw new InvalidKeyTextException("an RSA key is wanted, this is "
                    + (id.equals(X9ObjectIdentifiers.id_ecPublicKey) ? "an EC key" : "a key of algorithm " + id));
        }
    }

    private static InvalidKeyTextException notAKey(String pem) {
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(BEGIN_END, begin + BEGIN.length()) + BEGIN_END.length();
        return new InvalidKeyTextException("the PEM block " + pem.substring(begin, end) + " is no key");
    }
}
