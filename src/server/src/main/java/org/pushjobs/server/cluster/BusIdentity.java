package org.pushjobs.server.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PfxOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The one key pair and certificate that all members have on the event bus. Everything in it comes from the seed, so each
 * member makes the same and there is nothing to hand out, to renew or to let expire. Whoever has another certificate is
 * nobody.
 */
final class BusIdentity {
    private static final X500Name NAME = new X500Name("CN=pushjobs cluster");
    private static final BigInteger SERIAL = BigInteger.ONE;
    private static final Date FROM = Date.from(Instant.parse("2000-01-01T00:00:00Z"));
    private static final Date UNTIL = Date.from(Instant.parse("9999-12-31T23:59:59Z"));
    private static final String ENTRY = "member";

    /** Protects nothing: the stores are never written anywhere. */
    private static final String PASSWORD = "in memory";

    private final PrivateKey key;
    private final X509Certificate certificate;

    /** @param seed 32 secret bytes */
    BusIdentity(byte[] seed) {
        try {
            this.key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
            this.certificate = certificate(seed, key);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("this Java runtime lacks Ed25519", e);
        }
    }

    private static X509Certificate certificate(byte[] seed, PrivateKey key)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        SubjectPublicKeyInfo publicKey = new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519),
                new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded());
        byte[] encoded = new X509v3CertificateBuilder(NAME, SERIAL, FROM, UNTIL, NAME, publicKey)
                .build(new JcaContentSignerBuilder("Ed25519").build(key))
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** Key and certificate, to show. */
    PfxOptions own() {
        return store(store -> store.setKeyEntry(ENTRY, key, PASSWORD.toCharArray(), new Certificate[] {certificate}));
    }

    /** The certificate, to be trusted alone. */
    PfxOptions trusted() {
        return store(store -> store.setCertificateEntry(ENTRY, certificate));
    }

    private interface Filling {
        void fill(KeyStore store) throws GeneralSecurityException;
    }

    private static PfxOptions store(Filling filling) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            filling.fill(store);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, PASSWORD.toCharArray());
            // the event bus copies its options through JSON, which only bytes survive
            return new PfxOptions().setValue(Buffer.buffer(bytes.toByteArray())).setPassword(PASSWORD);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store cannot be made", e);
        }
    }
}
