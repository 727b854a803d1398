package org.pushjobs.ctl.chef;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertificateException;
import java.time.Duration;
import org.pushjobs.chefhttp.NoAnswerException;
import org.pushjobs.chefhttp.ServerHttp;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;

/** The Chef server's API, as its superuser. Bounded in time. Blocking. */
public final class ChefApi implements AutoCloseable {
    private static final String JSON = "application/json";

    private final DirectoryConfig.ChefServer chef;
    private final ServerHttp http;
    private final RequestSigner signer;

    /**
     * Connects to nothing yet.
     *
     * @param limit of each request
     * @throws CertificateException when the certificates that {@code chef_ca_file} names cannot be used
     */
    public ChefApi(DirectoryConfig.ChefServer chef, Duration limit) throws CertificateException {
        this.chef = chef;
        this.http = Connection.to(chef.rootUrl(), chef.trust(), limit);
        this.signer = new RequestSigner(chef.superuserName(), chef.superuserKey(), SigningVersion.V1_1);
    }

    /** @param path from the root, percent-encoded */
    public static URI at(DirectoryConfig.ChefServer chef, String path) {
        return URI.create(chef.rootUrl().toString().replaceFirst("/+$", "") + path);
    }

    /**
     * Sends a request and takes its answer, whatever its status.
     *
     * @param path from the root, percent-encoded
     * @param json empty for no body
     */
    public HttpResponse<byte[]> send(String method, String path, byte[] json)
            throws NoAnswerException, InterruptedException {
        HttpRequest request = http.signed(signer, method, at(chef, path), json)
                .header("Accept", JSON)
                .header("Content-Type", JSON)
                .header("X-Chef-Version", "18.0.0")
                .build();
        return http.send(request, BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        http.close();
    }
}
