package org.pushjobs.server.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.pushjobs.protocol.keys.PemKeys;

/** A certificate authority that exists for one test. */
public final class TestAuthority {
    private final X500Name name = new X500Name("CN=Authority " + UUID.randomUUID());

    private final KeyPair keys = PemKeys.generate();
    private final X509CertificateHolder certificate =
            sign(name, keys, new Extending(Extension.basicConstraints, new BasicConstraints(true)));

    /** What a server shows: its certificate and private key, PEM. */
    public record Identity(String certificatePem, String privateKeyPem) {}

    private record Extending(ASN1ObjectIdentifier id, ASN1Encodable value) {}

    public String certificatePem() {
        return pem(certificate);
    }

    /** For a server of this host name. */
    public Identity identity(String host) {
        KeyPair serverKeys = PemKeys.generate();
        X509CertificateHolder issued = sign(
                new X500Name("CN=" + host),
                serverKeys,
                new Extending(
                        Extension.subjectAlternativeName,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, host))));
        return new Identity(pem(issued), PemKeys.toPem((RSAPrivateKey) serverKeys.getPrivate()));
    }

    private X509CertificateHolder sign(X500Name subject, KeyPair subjectKeys, Extending extension) {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofHours(1))),
                subject,
                subjectKeys.getPublic());
        try {
            builder.addExtension(extension.id(), true, extension.value());
            return builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate()));
        } catch (CertIOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(X509CertificateHolder certificate) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
