package org.pushjobs.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class BusIdentityTest {
    @Test
    void membersWithTheSameSecretsHaveTheSameCertificate() throws Exception {
        X509Certificate certificate = certificate(1);

        assertThat(certificate(1)).isEqualTo(certificate);
        assertThat(certificate(2)).isNotEqualTo(certificate);
        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity(new Date(0x7fff_ffffL * 1000));
    }

    private static X509Certificate certificate(int filling) {
        return new BusIdentity(TestCluster.keys(filling).busSeed()).certificate();
    }

    /** Or members of two versions would not know each other. */
    @Test
    void theCertificateOfASeedNeverChanges() throws Exception {
        assertThat(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(certificate(1).getEncoded())))
                .isEqualTo("abe4caf8840ee4a552956703b374403e7238e2cf89898054c75bfea0b2a40655");
    }
}
