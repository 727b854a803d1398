package org.pushjobs.agent.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.pushjobs.chefhttp.DirectHosts;
import org.pushjobs.chefhttp.ProxyAddress;
import org.pushjobs.chefhttp.ProxySettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.chefhttp.TlsSettings;
import org.pushjobs.chefhttp.TlsSettings.Verification;
import org.pushjobs.chefhttp.TrustedCertificates;
import org.pushjobs.rubyconfig.RubyValue;

/** Reads the settings of the way to the server: certificates and proxies. What is wrong is noted in the draft. */
final class NetworkReading {
    private final SettingsDraft draft;
    private final Map<String, String> environment;

    /** @param environment of the process, with the file's variables */
    NetworkReading(SettingsDraft draft, Map<String, String> environment) {
        this.draft = draft;
        this.environment = environment;
    }

    /** Certificates that are named in vain are wrong in a file; those of the environment are told of when they are read. */
    TlsSettings tls() {
        Verification mode = verifyMode();
        List<Path> authorities = new ArrayList<>();
        authority(Setting.SSL_CA_FILE).ifPresent(authorities::add);
        authority(Setting.SSL_CA_PATH).ifPresent(authorities::add);
        authorities.addAll(TrustedCertificates.placesOf(environment));
        return new TlsSettings(
                draft.flag(Setting.VERIFY_API_CERT) ? Verification.PEER : mode,
                draft.path(Setting.TRUSTED_CERTS_DIR).orElse(AgentSettings.DEFAULT_TLS.trustedCertsDir()),
                authorities);
    }

    /** By name, as OpenSSL's number, or as that name with Ruby's colon. */
    private Verification verifyMode() {
        RubyValue mode = draft.value(Setting.SSL_VERIFY_MODE).orElse(new RubyValue.Symbol("verify_peer"));
        String name = mode instanceof RubyValue.Int(var number)
                ? number.toString()
                : mode.asText().orElse("");
        Optional<Verification> verification = Verification.of(name);
        if (verification.isEmpty()) {
            draft.wrong(
                    Setting.SSL_VERIFY_MODE,
                    "must be :verify_peer or :verify_none, is " + SettingsDraft.describe(mode));
        }
        return verification.orElse(Verification.PEER);
    }

    private Optional<Path> authority(Setting setting) {
        Optional<Path> place = draft.path(setting);
        if (place.isPresent() && !Files.exists(place.get())) {
            draft.wrong(setting, "names " + place.get() + ", which is not there");
        }
        return place;
    }

    /** @param server which is asked; empty when its address is wrong */
    ProxySettings proxies(Optional<ServerUrl> server) {
        String scheme = server.map(url -> url.base().getScheme()).orElse("");
        // A proxy of the environment that this agent would not use may look like anything.
        fromEnvironment(Setting.HTTP_PROXY, value -> scheme.equalsIgnoreCase("http") || isProxy(value));
        fromEnvironment(Setting.HTTPS_PROXY, value -> scheme.equalsIgnoreCase("https") || isProxy(value));
        fromEnvironment(Setting.NO_PROXY, _ -> true);
        List<String> noProxy = draft.has(Setting.NO_PROXY)
                ? draft.texts(Setting.NO_PROXY).stream()
                        .flatMap(text -> DirectHosts.list(text).stream())
                        .toList()
                : List.of();
        return new ProxySettings(
                proxy(Setting.HTTP_PROXY, Setting.HTTP_PROXY_USER, Setting.HTTP_PROXY_PASS),
                proxy(Setting.HTTPS_PROXY, Setting.HTTPS_PROXY_USER, Setting.HTTPS_PROXY_PASS),
                noProxy);
    }

    private static boolean isProxy(String text) {
        try {
            ProxyAddress.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The file's value wins; an empty variable is as none. */
    private void fromEnvironment(Setting setting, Predicate<String> wanted) {
        for (String name : List.of(setting.key(), setting.key().toUpperCase(Locale.ROOT))) {
            String value = environment.getOrDefault(name, "");
            if (!draft.has(setting) && !value.isBlank() && wanted.test(value)) {
                draft.put(setting, "the environment variable " + name, new RubyValue.Text(value));
            }
        }
    }

    private Optional<ProxyAddress> proxy(Setting address, Setting user, Setting password) {
        if (draft.value(address).equals(Optional.of(new RubyValue.Text("")))) {
            return Optional.empty();
        }
        try {
            Optional<ProxyAddress> proxy = draft.text(address).map(ProxyAddress::parse);
            return draft.has(user)
                    ? proxy.map(found -> found.withCredentials(
                            draft.text(user).orElse(""), draft.text(password).orElse("")))
                    : proxy;
        } catch (IllegalArgumentException e) {
            draft.wrong(address, e.getMessage());
            return Optional.empty();
        }
    }
}
