package org.pushjobs.rubyconfig;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads files of chef-client and knife that are plain settings, without Ruby: {@code key value} with values that are
 * written down, {@code knife[:key] = value}, and variables that hold a text. What is not beyond doubt is not read at all:
 * such a file is Ruby's, with its errors. The tests hold both against each other.
 */
final class PlainFile {
    private static final int MOST_BYTES = 256 << 10;

    /** Settings of which Chef and the push jobs take what is written; everything else may be a method of Ruby's. */
    private static final Set<String> KEYS = Set.of(
            // the push jobs'
            "allow_dangerous_env",
            "allow_unencrypted",
            "allowed_overwritable_env_vars",
            "file_dir",
            "file_dir_expiry",
            "max_body_size",
            "whitelist",
            // Chef's
            "cache_type",
            "chef_repo_path",
            "chef_server_url",
            "client_key",
            "client_name",
            "cookbook_copyright",
            "cookbook_email",
            "cookbook_license",
            "cookbook_path",
            "data_bag_path",
            "enable_reporting",
            "encrypted_data_bag_secret",
            "environment",
            "environment_path",
            "file_backup_path",
            "file_cache_path",
            "http_proxy",
            "http_proxy_pass",
            "http_proxy_user",
            "https_proxy",
            "https_proxy_pass",
            "https_proxy_user",
            "http_retry_count",
            "http_retry_delay",
            "interval",
            "json_attribs",
            "local_mode",
            "lockfile",
            "log_level",
            "log_location",
            "no_proxy",
            "node_name",
            "pid_file",
            "policy_group",
            "policy_name",
            "rest_timeout",
            "role_path",
            "splay",
            "ssl_ca_file",
            "ssl_ca_path",
            "ssl_client_cert",
            "ssl_client_key",
            "ssl_verify_mode",
            "syntax_check_cache_path",
            "trusted_certs_dir",
            "validation_client_name",
            "validation_key",
            "verbose_logging",
            "verify_api_cert");

    /** Words that are no names of variables. */
    private static final Set<String> RESERVED = Set.of(
            "alias", "and", "begin", "break", "case", "class", "def", "do", "else", "elsif", "end", "ensure", "false",
            "for", "if", "in", "module", "next", "nil", "not", "or", "redo", "rescue", "retry", "return", "self",
            "super", "then", "true", "undef", "unless", "until", "when", "while", "yield");

    private static final String KNIFE = "knife";

    /** What Chef takes a member of knife for that nobody has set. */
    private static final String HINTS = "hints";

    private final PlainText text;
    private final Path file;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final PlainValues values;
    private final Map<String, RubyValue> settings = new LinkedHashMap<>();
    private final Map<String, EvaluatedFile.Place> places = new HashMap<>();
    private final Map<RubyValue, RubyValue> knife = new LinkedHashMap<>();

    private PlainFile(Path file, String content) {
        this.file = file;
        this.text = new PlainText(content);
        this.values = new PlainValues(text, variables);
    }

    /** What the file sets; empty when it has to be read by Ruby, and when it cannot be read. */
    static Optional<EvaluatedFile> read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                return Optional.empty();
            }
            String content = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            return Optional.of(new PlainFile(file, content).evaluate());
        } catch (IOException | NotPlainException e) {
            return Optional.empty();
        }
    }

    private EvaluatedFile evaluate() throws NotPlainException {
        while (text.nextStatement()) {
            statement(text.word());
            text.endStatement();
        }
        return new EvaluatedFile(settings, Map.of(), List.of(file), places);
    }

    private void statement(String name) throws NotPlainException {
        EvaluatedFile.Place place = new EvaluatedFile.Place(file, text.line());
        if (name.equals(KNIFE)) {
            memberOfKnife();
            places.putIfAbsent(KNIFE, place);
        } else if (KEYS.contains(name)) {
            settings.put(name, argument());
            places.put(name, place);
        } else if (!RESERVED.contains(name)) {
            text.spaces();
            text.expect("=");
            text.spaces();
            variables.put(name, textOfVariable());
        } else {
            throw new NotPlainException();
        }
    }

    private void memberOfKnife() throws NotPlainException {
        text.expect("[:");
        RubyValue.Symbol key = new RubyValue.Symbol(text.word());
        text.expect("]");
        text.spaces();
        text.expect("=");
        text.spaces();
        if (key.name().equals(HINTS)) {
            throw new NotPlainException();
        }
        knife.put(key, values.value());
        settings.put(KNIFE, PlainValues.hash(knife));
    }

    private String textOfVariable() throws NotPlainException {
        if (text.skip("File.dirname(__FILE__)")) {
            return directory();
        }
        if (values.value() instanceof RubyValue.Text(var content)) {
            return content;
        }
        throw new NotPlainException();
    }

    private String directory() throws NotPlainException {
        if (!file.isAbsolute() || !file.equals(file.normalize()) || file.getParent() == null) {
            throw new NotPlainException();
        }
        return file.getParent().toString();
    }

    /** In parentheses or after a space; a brace after a space would begin a block, a parenthesis an expression. */
    private RubyValue argument() throws NotPlainException {
        if (text.skip("(")) {
            text.blanks();
            RubyValue value = values.value();
            text.blanks();
            text.expect(")");
            return value;
        }
        if (!text.spaces() || text.peek() == '{') {
            throw new NotPlainException();
        }
        return values.value();
    }
}
