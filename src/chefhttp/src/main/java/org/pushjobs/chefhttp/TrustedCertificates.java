package org.pushjobs.chefhttp;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Certificates that are trusted besides those of the Java runtime: {@code trusted_certs_dir}, {@code ssl_ca_file}, … */
public final class TrustedCertificates {
    /** What Chef reads in a directory, and the names that OpenSSL gives to certificates in one. */
    private static final String FILES =
            "{*.crt,*.pem,[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f].[0-9]}";

    private TrustedCertificates() {}

    /** The file and the directories that OpenSSL's variables {@code SSL_CERT_FILE} and {@code SSL_CERT_DIR} name. */
    public static List<Path> placesOf(Map<String, String> environment) {
        List<String> names = new ArrayList<>(List.of(environment.getOrDefault("SSL_CERT_FILE", "")));
        names.addAll(List.of(environment.getOrDefault("SSL_CERT_DIR", "").split(":")));
        return names.stream().filter(name -> !name.isBlank()).map(Path::of).toList();
    }

    /**
     * Those in the given places; blocks for as long as reading the files takes.
     *
     * @param places files with one certificate or several, in PEM or DER form, and directories of such files
     * @param unreadable told of each file that holds none, and of each place that cannot be read, with the reason
     */
    public static List<X509Certificate> in(Collection<Path> places, BiConsumer<Path, String> unreadable) {
        List<X509Certificate> found = new ArrayList<>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                readDirectory(place, found, unreadable);
            } else {
                readFile(place, found, unreadable);
            }
        }
        return found;
    }

    private static void readDirectory(
            Path directory, List<X509Certificate> found, BiConsumer<Path, String> unreadable) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, FILES)) {
            files.forEach(file -> readFile(file, found, unreadable));
        } catch (IOException | DirectoryIteratorException e) {
            unreadable.accept(directory, e.toString());
        }
    }

    private static void readFile(Path file, List<X509Certificate> found, BiConsumer<Path, String> unreadable) {
        try (InputStream content = new BufferedInputStream(Files.newInputStream(file))) {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(content)
                    .forEach(certificate -> found.add((X509Certificate) certificate));
        } catch (IOException | CertificateException e) {
            unreadable.accept(file, e.toString());
        }
    }
}
