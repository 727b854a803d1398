package org.pushjobs.rubyconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.rubyconfig.RubyValue.Array;
import org.pushjobs.rubyconfig.RubyValue.Bool;
import org.pushjobs.rubyconfig.RubyValue.Decimal;
import org.pushjobs.rubyconfig.RubyValue.Entry;
import org.pushjobs.rubyconfig.RubyValue.Hash;
import org.pushjobs.rubyconfig.RubyValue.Int;
import org.pushjobs.rubyconfig.RubyValue.Nil;
import org.pushjobs.rubyconfig.RubyValue.Regexp;
import org.pushjobs.rubyconfig.RubyValue.Stream;
import org.pushjobs.rubyconfig.RubyValue.Symbol;
import org.pushjobs.rubyconfig.RubyValue.Text;

/** With the evaluator of this build. */
class RubyConfigIT {
    private static final Path HOME = Path.of("target", "evaluator");

    @TempDir
    private Path directory;

    private EvaluatedFile evaluate(Dialect dialect, String content) throws Exception {
        return new RubyConfig(HOME, Duration.ofSeconds(120)).evaluate(write("client.rb", content), dialect);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    @Test
    void everyKindOfValueArrivesAsItIs() throws Exception {
        EvaluatedFile file = evaluate(Dialect.CHEF, """
                text "a \\"b\\" \\\\ ü\\n\\t\\u0001"
                call('with parentheses')
                self.assigned = 'by self'
                symbol :verify_none
                whole 0777
                large 123456789012345678901234567890
                decimal 1.5
                yes true
                no false
                nothing nil
                list ['a', [:b, 1]]
                stream STDOUT
                other Object.new
                infinite 1.0 / 0
                call_with_hash(a: 1, 'b' => {c: []})
                """);

        assertThat(file.settings())
                .containsEntry("text", new Text("a \"b\" \\ ü\n\t\u0001"))
                .containsEntry("call", new Text("with parentheses"))
                .containsEntry("assigned", new Text("by self"))
                .containsEntry("symbol", new Symbol("verify_none"))
                .containsEntry("whole", new Int(BigInteger.valueOf(511)))
                .containsEntry("large", new Int(new BigInteger("123456789012345678901234567890")))
                .containsEntry("decimal", new Decimal(1.5))
                .containsEntry("yes", new Bool(true))
                .containsEntry("no", new Bool(false))
                .containsEntry("nothing", new Nil())
                .containsEntry(
                        "list",
                        new Array(List.of(new Text("a"), new Array(List.of(new Symbol("b"), new Int(BigInteger.ONE))))))
                .containsEntry("stream", new Stream("STDOUT"))
                .containsEntry("other", new RubyValue.Other("Object"))
                .containsEntry("infinite", new RubyValue.Other("Infinity"));
        assertThat(((Hash) file.get("call_with_hash").orElseThrow()).get("b"))
                .contains(new Hash(List.of(new Entry(new Symbol("c"), new Array(List.of())))));
        assertThat(file.get("nothing")).isEmpty();
        assertThat(file.text("symbol")).contains("verify_none");
    }

    @Test
    void whitelistKeepsRegularExpressionsAndTheirOrder() throws Exception {
        EvaluatedFile file = evaluate(Dialect.CHEF, """
                whitelist({
                  'chef-client' => 'chef-client',
                  /^b (\\d+)$/ => 'echo \\1',
                  %r{a/(?<name>.)}mix => {command_line: 'echo "\\k<name>"', lock: true},
                  'z' => {'command_line' => 'z', 'lock' => '/var/lock/z'}
                })
                """);

        assertThat(file.get("whitelist"))
                .contains(new Hash(List.of(
                        new Entry(new Text("chef-client"), new Text("chef-client")),
                        new Entry(new Regexp("^b (\\d+)$", 0), new Text("echo \\1")),
                        new Entry(
                                new Regexp("a/(?<name>.)", Regexp.IGNORE_CASE | Regexp.EXTENDED | Regexp.MULTI_LINE),
                                new Hash(List.of(
                                        new Entry(new Symbol("command_line"), new Text("echo \"\\k<name>\"")),
                                        new Entry(new Symbol("lock"), new Bool(true))))),
                        new Entry(
                                new Text("z"),
                                new Hash(List.of(
                                        new Entry(new Text("command_line"), new Text("z")),
                                        new Entry(new Text("lock"), new Text("/var/lock/z"))))))));
    }

    @Test
    void whatChefClientsFilesDoIsUnderstood() throws Exception {
        Files.createDirectory(directory.resolve("conf.d"));
        write("conf.d/10-more.rb", "from_the_other_file File.basename(__FILE__)\n");
        EvaluatedFile file = evaluate(Dialect.CHEF, """
                # chef-client.rb
                require 'ohai'
                require 'aws-sdk-core'
                current_dir = File.dirname(__FILE__)
                chef_server_url = 'a local variable'
                node_name "node-#{ENV['HOME'].length}"
                client_key File.join(current_dir, 'client.pem')
                log_location STDERR
                LC_ALL='en_US.UTF-8'
                ENV['LANG'] = 'C'
                ENV.delete('HOME')
                Ohai::Config[:plugin_path] << '/etc/chef/ohai_plugins'
                ohai.disabled_plugins = [:Passwd]
                Mixlib::Log::Formatter.show_time = false
                Chef::Config[:file_dir] = '/var/push'
                Chef::Config.max_body_size 7
                Chef::Log.level = :debug
                report_handlers << Chef::Handler::JsonFile.new(path: '/var/x')
                credentials Aws::Credentials.new('a', 'b')
                Dir.glob(File.join(current_dir, 'conf.d', '*.rb')).sort.each { |f| from_file f }
                file_cache_path '/var/cache'
                lockfile "#{file_cache_path}/lock"
                log_level(unset_setting ? :debug : :warn)
                puts 'this file talks'
                $stderr.puts 'on both streams'
                if RUBY_PLATFORM =~ /mswin/ then windows true end
                """);

        assertThat(file.text("node_name"))
                .contains("node-" + System.getenv("HOME").length());
        assertThat(file.text("client_key")).contains(directory + "/client.pem");
        assertThat(file.get("log_location")).contains(new Stream("STDERR"));
        assertThat(file.text("file_dir")).contains("/var/push");
        assertThat(file.get("max_body_size")).contains(new Int(BigInteger.valueOf(7)));
        assertThat(file.text("from_the_other_file")).contains("10-more.rb");
        assertThat(file.text("lockfile")).contains("/var/cache/lock");
        assertThat(file.text("log_level")).contains("warn");
        assertThat(file.settings()).doesNotContainKeys("chef_server_url", "LC_ALL", "windows", "unset_setting");
        assertThat(file.environment()).isEqualTo(Map.of("LANG", Optional.of("C"), "HOME", Optional.empty()));
        assertThat(file.files())
                .containsExactly(directory.resolve("client.rb"), directory.resolve("conf.d/10-more.rb"));
        assertThat(file.toString()).doesNotContain("/var/push");
    }

    @Test
    void knifesFileIsUnderstood() throws Exception {
        EvaluatedFile file = evaluate(Dialect.CHEF, """
                current_dir = File.dirname(__FILE__)
                user = ENV['OPSCODE_USER'] || 'alice'
                node_name                user
                client_key               "#{ENV['NONE']}#{current_dir}/#{user}.pem"
                validation_client_name   "acme-validator"
                chef_server_url          "https://chef/organizations/acme"
                cookbook_path            ["#{current_dir}/../cookbooks"]
                knife[:editor] = 'vi'
                knife[:ssh] = {user: 'x'}
                """);

        assertThat(file.text("client_key")).contains(directory + "/alice.pem");
        assertThat(((Hash) file.get("knife").orElseThrow()).get("editor")).contains(new Text("vi"));
        assertThat(file.text("chef_server_url")).contains("https://chef/organizations/acme");
    }

    @Test
    void nestedSettingsOfChefServersFilesComeIntoBeing() throws Exception {
        EvaluatedFile file = evaluate(Dialect.CHEF_SERVER, """
                api_fqdn 'chef.example.com'
                opscode_pushy_server['heartbeat_interval'] = 1000
                opscode_pushy_server['opscode-pushy-server']['log_rotation'][:file_maxbytes] = 5
                server 'be1', ipaddress: '10.0.0.1', role: 'backend'
                server 'be2', ipaddress: '10.0.0.2'
                looked_at['x']['y']
                """);

        Hash server = (Hash) file.get("opscode_pushy_server").orElseThrow();
        assertThat(server.get("heartbeat_interval")).contains(new Int(BigInteger.valueOf(1000)));
        assertThat(server.get("opscode-pushy-server"))
                .contains(new Hash(List.of(new Entry(
                        new Text("log_rotation"),
                        new Hash(List.of(new Entry(new Text("file_maxbytes"), new Int(BigInteger.valueOf(5)))))))));
        assertThat(((Array) file.get("server").orElseThrow()).items()).hasSize(2);
        assertThat(file.get("looked_at")).contains(new Hash(List.of()));
    }

    @Test
    void membersOfChefServersSettingsHavePlaces() throws Exception {
        EvaluatedFile file = evaluate(Dialect.CHEF_SERVER, """
                opscode_pushy_server['api_port'] = 1
                opscode_pushy_server['log_rotation']['num_to_keep'] = 5
                opscode_pushy_server['api_port'] = 2
                opscode_pushy_server.merge!({ 'whole' => { 'inner' => 1 } })
                """);

        assertThat(file.places().get("opscode_pushy_server.api_port").line()).isEqualTo(3);
        assertThat(file.places()
                        .get("opscode_pushy_server.log_rotation.num_to_keep")
                        .line())
                .isEqualTo(2);
        assertThat(file.places().get("opscode_pushy_server.whole").line()).isEqualTo(4);
        assertThat(file.places()).doesNotContainKey("opscode_pushy_server.log_rotation");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "a 1;;b(2;c 3 | 4 | syntax error",
                "a 'open;; | 1 | unterminated string",
                "a 1;foo = nil;foo[:x] = 1 | 3 | undefined method '[]=' for nil (NoMethodError)",
                "a 1;b Nonsense::Word | 2 | uninitialized constant Nonsense (NameError)",
                "raise 'not;today' | 1 | not today (RuntimeError)",
                "a 1;exit 3 | 2 | the file ends the program with status 3",
                "a 1;a.each(&:b) | 2 | undefined method 'each' for an instance of Integer",
                "def deep; 1 + nil;end;deep | 2 | nil can't be coerced into Integer (TypeError)",
            })
    void whatIsWrongIsToldWithFileAndLine(String lines, int line, String problem) {
        assertThatThrownBy(() -> evaluate(Dialect.CHEF, lines.replace(';', '\n')))
                .isInstanceOf(RubyConfigException.class)
                .hasMessageStartingWith(directory + "/client.rb:" + line + ": ")
                .hasMessageContaining(problem)
                .hasMessageNotContaining("\n");
    }

    @Test
    void problemInAnotherFileIsToldWithThatFile() throws Exception {
        Path other = write("other.rb", "a 1\nb nil + 1\n");

        assertThatThrownBy(() -> evaluate(Dialect.CHEF, "from_file '" + other + "'"))
                .hasMessageStartingWith(other + ":2: undefined method '+' for nil");
        assertThatThrownBy(() -> evaluate(Dialect.CHEF, "from_file '" + directory + "/none.rb'"))
                .hasMessageContaining("none.rb")
                .hasMessageContaining("Errno::ENOENT");
    }

    @Test
    void problemInTextOfAnotherFileIsToldWithThatFile() throws Exception {
        Path other = write("other.rb", "a 1\nb 2 if Chef::Node.load\n");

        for (String how : List.of(
                "instance_eval(File.read('%1$s'), '%1$s')",
                "eval IO.read('%1$s'), binding, '%1$s'", "Chef::Config.from_file('%1$s')")) {
            assertThatThrownBy(() -> evaluate(Dialect.CHEF, how.formatted(other) + "\nnode_name 'x' + ''"))
                    .as(how)
                    .hasMessageStartingWith(other + ":2: Chef::Node.load is not there");
        }
    }

    @Test
    void whereSettingsInTextThatIsEvaluatedStandIsWhereThatIsDone() throws Exception {
        write("other.rb", "\nfrom_other 1\n");

        EvaluatedFile file = evaluate(Dialect.CHEF, """
                node_name 'x' + ''
                instance_eval(File.read(File.join(__dir__, 'other.rb')))
                eval "eval 'twice 1'"
                """);

        assertThat(file.place("from_other")).isEqualTo(directory + "/client.rb:2");
        assertThat(file.place("twice")).isEqualTo(directory + "/client.rb:3");
    }

    @Test
    void fileThatHoldsItselfIsRefused() {
        assertThatThrownBy(() -> evaluate(Dialect.CHEF, "x = []\nx << x\nlist x"))
                .hasMessageContaining("holds itself");
    }

    @Test
    void fileThatDoesNotEndIsGivenUpAndItsProcessesWithIt() throws Exception {
        Path file = write("client.rb", "system('sleep 1000 & echo $! > " + directory + "/pid; wait')\n");
        RubyConfig evaluator = new RubyConfig(HOME, Duration.ofSeconds(15));

        assertThatThrownBy(() -> evaluator.evaluate(file, Dialect.CHEF))
                .hasMessage(file + " was given up: its evaluation took longer than 15 s");

        long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
        ProcessHandle.of(pid).ifPresent(child -> child.onExit().join());
    }

    @Test
    void directoriesThatTheFileLooksIntoAreTold() throws Exception {
        Path some = Files.createDirectories(directory.resolve("some.d/web"));
        Files.writeString(some.resolve("a.rb"), "from_a 1\n");

        EvaluatedFile file = evaluate(Dialect.CHEF, """
                puts 'noise'
                windows Gem.win_platform?
                Dir.glob(File.join(__dir__, 'some.d', '*', '*.rb')).each { |file| from_file file }
                Dir['/not/there/*.rb', '/nor/{this,that}.rb'].each { |file| from_file file }
                Dir.glob('*.rb', base: __dir__ + '/base') { |file| from_file file }
                Dir.children(__dir__).length
                Dir.entries('/')
                Pathname.new(__dir__ + '/path').glob('*.rb') { |file| from_file file }
                Dir.open('/usr') { |open| open.children }
                Dir.empty?('/usr/bin')
                """);

        assertThat(file.settings()).containsKey("from_a");
        assertThat(file.directories())
                .containsExactlyInAnyOrder(
                        directory.resolve("some.d"),
                        some,
                        Path.of("/not/there"),
                        Path.of("/nor"),
                        directory.resolve("base"),
                        directory,
                        Path.of("/"),
                        directory.resolve("path"),
                        Path.of("/usr"),
                        Path.of("/usr/bin"));
        assertThat(evaluate(Dialect.CHEF, "node_name 'x'").directories()).isEmpty();
    }

    @Test
    void fileThatWritesTooMuchIsGivenUp() {
        assertThatThrownBy(() -> evaluate(Dialect.CHEF, "loop { puts 'x' * 100_000 }"))
                .hasMessageEndingWith("it writes more than 4194304 bytes");
    }

    @Test
    void cacheMakesTheEvaluatorStartFasterAndOneThatDoesNotFitIsLeftAlone() throws Exception {
        // given: an evaluator of which only its libraries are shared with the other tests
        Path home = Files.createDirectory(directory.resolve("evaluator"));
        Files.createSymbolicLink(home.resolve("lib"), HOME.resolve("lib").toAbsolutePath());
        try (DirectoryStream<Path> scripts = Files.newDirectoryStream(HOME, "*.rb")) {
            for (Path script : scripts) {
                Files.copy(script, home.resolve(script.getFileName()));
            }
        }
        RubyConfig evaluator = new RubyConfig(home, Duration.ofSeconds(120));

        // when
        evaluator.makeCache(HOME.resolve("sample.rb").toAbsolutePath());

        // then
        assertThat(home.resolve("evaluator.aot")).isNotEmptyFile();
        assertThat(endOfEvaluatorThatNeedsItsCache(home)).isEqualTo("ran");
        Path file = write("client.rb", "node_name 'x' + ''");
        assertThat(evaluator.evaluate(file, Dialect.CHEF).text("node_name")).contains("x");

        // and when: it is damaged
        Files.write(home.resolve("evaluator.aot"), new byte[10_000]);

        // then
        assertThat(endOfEvaluatorThatNeedsItsCache(home)).isNotEqualTo("ran");
        assertThat(evaluator.evaluate(file, Dialect.CHEF).text("node_name")).contains("x");
    }

    /** By the flags with which files are evaluated, but one: without its cache the virtual machine is not to start. */
    private String endOfEvaluatorThatNeedsItsCache(Path home) throws Exception {
        List<String> command = new ArrayList<>(new EvaluatorHome(home.toAbsolutePath()).command());
        command.add(1, "-XX:AOTMode=on");
        command.addAll(
                List.of("MARK", "chef", write("plain.rb", "ran 'r' + 'an'").toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 && output.contains("[\"ran\",\"ran\"") ? "ran" : output;
    }

    @Test
    void missingFileAndMissingEvaluatorAreToldOf() throws Exception {
        Path none = directory.resolve("none.rb");
        assertThatThrownBy(() -> new RubyConfig(HOME, RubyConfig.TIME_LIMIT).evaluate(none, Dialect.CHEF))
                .hasMessage(none + " cannot be read: there is no such file");
        Path file = write("client.rb", "node_name 'x' + ''");
        assertThatThrownBy(() -> new RubyConfig(directory, RubyConfig.TIME_LIMIT).evaluate(file, Dialect.CHEF))
                .hasMessageContaining("not installed here");
    }
}
