package org.pushjobs.rubyconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.rubyconfig.RubyValue.Array;
import org.pushjobs.rubyconfig.RubyValue.Bool;
import org.pushjobs.rubyconfig.RubyValue.Entry;
import org.pushjobs.rubyconfig.RubyValue.Hash;
import org.pushjobs.rubyconfig.RubyValue.Int;
import org.pushjobs.rubyconfig.RubyValue.Nil;
import org.pushjobs.rubyconfig.RubyValue.Stream;
import org.pushjobs.rubyconfig.RubyValue.Symbol;
import org.pushjobs.rubyconfig.RubyValue.Text;

/** What is read without Ruby, and what is left to it. That both read the same is the business of {@link PlainFileIT}. */
class PlainFileTest {
    @TempDir
    private Path directory;

    private Optional<EvaluatedFile> read(String content) throws Exception {
        return PlainFile.read(Files.writeString(directory.resolve("client.rb"), content));
    }

    @Test
    void plainSettingsAreRead() throws Exception {
        EvaluatedFile file =
                read("""
                # a comment

                current_dir = File.dirname(__FILE__)
                me = 'alice'  # who
                node_name me
                client_key "#{current_dir}/#{me}.pem"
                chef_server_url('https://chef/organizations/acme')
                log_location STDOUT
                log_level :info
                interval 1800
                verify_api_cert true
                environment nil
                cookbook_path [ "#{current_dir}/../cookbooks",
                  'it''s' ]
                """.replace("'it''s'", "'it\\'s', %w[a b], # more\n")).orElseThrow();

        assertThat(file.settings())
                .isEqualTo(Map.of(
                        "node_name",
                        new Text("alice"),
                        "client_key",
                        new Text(directory + "/alice.pem"),
                        "chef_server_url",
                        new Text("https://chef/organizations/acme"),
                        "log_location",
                        new Stream("STDOUT"),
                        "log_level",
                        new Symbol("info"),
                        "interval",
                        new Int(BigInteger.valueOf(1800)),
                        "verify_api_cert",
                        new Bool(true),
                        "environment",
                        new Nil(),
                        "cookbook_path",
                        new Array(List.of(
                                new Text(directory + "/../cookbooks"),
                                new Text("it's"),
                                new Array(List.of(new Text("a"), new Text("b")))))));
        assertThat(file.environment()).isEmpty();
        assertThat(file.place("node_name")).isEqualTo(directory + "/client.rb:5");
        assertThat(file.place("cookbook_path")).isEqualTo(directory + "/client.rb:13");
        assertThat(file.files()).containsExactly(directory.resolve("client.rb"));
    }

    @Test
    void whitelistAndKnifesSettingsAreRead() throws Exception {
        EvaluatedFile file = read("""
                whitelist({
                  'chef-client' => 'chef-client', # the usual
                  "b" => { command_line: "echo \\"b\\"\\n", :lock => true },
                })
                knife[:editor] = 'vi'
                knife[:ssh_user]='root'
                """).orElseThrow();

        assertThat(file.get("whitelist"))
                .contains(new Hash(List.of(
                        new Entry(new Text("chef-client"), new Text("chef-client")),
                        new Entry(
                                new Text("b"),
                                new Hash(List.of(
                                        new Entry(new Symbol("command_line"), new Text("echo \"b\"\n")),
                                        new Entry(new Symbol("lock"), new Bool(true))))))));
        assertThat(file.get("knife"))
                .contains(new Hash(List.of(
                        new Entry(new Symbol("editor"), new Text("vi")),
                        new Entry(new Symbol("ssh_user"), new Text("root")))));
    }

    @Test
    void markAtTheBeginningAndLineEndsOfWindowsDoNotMatter() throws Exception {
        assertThat(read("\uFEFFnode_name 'a'\r\n# b\r\nfile_dir '/c'\r\n")
                        .orElseThrow()
                        .settings())
                .isEqualTo(Map.of("node_name", new Text("a"), "file_dir", new Text("/c")));
        assertThat(read("").orElseThrow().settings()).isEmpty();
        assertThat(read("node_name 'a'").orElseThrow().settings()).hasSize(1);
    }

    @Test
    void veryLongTextIsRead() throws Exception {
        assertThat(read("client_key '" + "x".repeat(100_000) + "'\n")).isPresent();
        assertThat(read("client_key \"" + "\\n".repeat(50_000) + "\"\n")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node_name 'a' 'b'",
                "node_name 'a'; file_dir '/b'",
                "node_name 'a' if true",
                "node_name 'a'.upcase",
                "node_name 'a'\n  .upcase",
                "node_name 'a' + 'b'",
                "node_name 'a',",
                "node_name 'a\nb'",
                "node_name \"a#{`hostname`}\"",
                "node_name \"a#{node}\"",
                "node_name \"#@a\"",
                "node_name \"#$0\"",
                "node_name \"\\u00e4\"",
                "node_name \"\\e\"",
                "node_name `hostname`",
                "node_name other",
                "node_name",
                "node_name ('a')",
                "node_name ['a', ['b']",
                "node_name ['a'\n, 'b']",
                "node_name -1",
                "node_name 0777",
                "node_name 1_000",
                "node_name 1.5",
                "node_name 0x10",
                "node_name 5.to_s",
                "node_name :a?",
                "node_name :'a'",
                "node_name 'a' \\\n",
                "node_name = 'a'",
                "self.node_name = 'a'",
                "Chef::Config[:node_name] = 'a'",
                "whitelist { 'a' => 'b' }",
                "whitelist 'a' => 'b'",
                "whitelist({'a' => 'b', 'a' => 'c'})",
                "whitelist({'a'\n=> 'b'})",
                "whitelist({'a': 'b'})",
                "whitelist({/a/ => 'b'})",
                "whitelist({'a' => 'b'",
                "allowed_overwritable_env_vars 'A', 'B'",
                "allowed_overwritable_env_vars %w[A#{b} [c]]",
                "allowed_overwritable_env_vars %W[A B]",
                "puts 'a'",
                "raise 'a'",
                "from_file '/etc/x.rb'",
                "report_handlers << 'a'",
                "data_collector.server_url 'a'",
                "knife = 'a'",
                "knife[:a][:b] = 'c'",
                "knife['a'] = 'c'",
                "knife[:a]",
                "knife[:hints] = {}",
                "end = 'a'",
                "a = b = 'c'",
                "a = 5",
                "a 'b'",
                "=begin\n=end",
                "__END__",
                "# encoding: iso-8859-1\nnode_name 'a'",
                "# -*- coding: utf-8 -*-\nnode_name 'a'",
                "log_location STDOUTS",
                "log_location $stdout",
                "node_name 'a'\u00a0",
                "node_name 'a'\rfile_dir '/b'",
                "node_name 'a\u0000'",
            })
    void whatIsMoreThanPlainSettingsIsLeftToRuby(String content) throws Exception {
        assertThat(read(content + "\n")).isEmpty();
    }

    @Test
    void whatCannotBeReadIsLeftToRuby() throws Exception {
        Path latin = Files.write(directory.resolve("latin.rb"), "node_name 'ä'".getBytes(StandardCharsets.ISO_8859_1));
        Path large = Files.writeString(directory.resolve("large.rb"), "# x\n".repeat(100_000));

        assertThat(PlainFile.read(latin)).isEmpty();
        assertThat(PlainFile.read(large)).isEmpty();
        assertThat(PlainFile.read(directory.resolve("none.rb"))).isEmpty();
        assertThat(PlainFile.read(directory)).isEmpty();
    }
}
