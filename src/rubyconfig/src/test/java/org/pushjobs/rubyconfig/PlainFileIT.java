package org.pushjobs.rubyconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.rubyconfig.RubyValue.Array;
import org.pushjobs.rubyconfig.RubyValue.Entry;
import org.pushjobs.rubyconfig.RubyValue.Hash;
import org.pushjobs.rubyconfig.RubyValue.Symbol;

/**
 * Holds the reader of plain settings against Ruby: files put together at random, of pieces that are plain and of pieces that
 * nearly are. What the reader reads has to be what Ruby reads; most files have to be left to Ruby, and many must not be.
 */
class PlainFileIT {
    private static final int FILES = 3_000;

    private static final String[] STATEMENTS = {
        "node_name V",
        "node_name(V)",
        "  file_dir V",
        "log_location\tV",
        "interval V",
        "whitelist(V)",
        "whitelist V",
        "whitelist( V )",
        "cookbook_path V",
        "cookbook_path [V, V]",
        "cookbook_path [\n V, # c\n V,\n]",
        "x = V",
        "x=V",
        "knife[:editor] = V",
        "knife[:editor]=V",
        "knife[:a] = V",
        "role_path x",
        "role_path \"a#{x}b\"",
        "whitelist({ K V, K V })",
        "whitelist({\n K V,\n K\n V\n})",
        "whitelist({K V,})",
        "",
        "# V",
        "  # knife[:a] = V",
        "node_name V, V",
        "node_name V if V",
        "splay V ? V : V",
        "y = V",
        "environment y",
        "pid_file (V)",
        "no_proxy V;",
        "node_name V\n  .to_s",
        "current = File.dirname(__FILE__)",
        "client_key \"#{current}/V\"",
        "=begin\nV\n=end",
        "node_name V \\",
        "whitelist { V }",
        "__END__",
        "lockfile V V",
        "lockfile%w[a b]",
        "lockfile [V][0]"
    };

    private static final String[] VALUES = {
        "'a'",
        "''",
        "'it\\'s'",
        "'\\\\'",
        "'\\n'",
        "'#{x}'",
        "'ä€😀'",
        "\"a\"",
        "\"\"",
        "\"\\n\\t\\\"\\\\\"",
        "\"\\#{x}\"",
        "\"a # b\"",
        "\"#\"",
        "\"#a\"",
        "\"#{x}\"",
        "\"##{x}#\"",
        "\"\\\\#{x}\"",
        "\"#x}\"",
        "\"#{x\"",
        "\"\\s\"",
        "\"\\101\"",
        ":a",
        ":verify_none",
        ":a1_",
        ":A",
        ":a?",
        "true",
        "false",
        "nil",
        "0",
        "1",
        "12345678901234567890",
        "00",
        "017",
        "1_0",
        "1.0",
        "-1",
        "0b1",
        "[]",
        "['a']",
        "['a', :b, 1]",
        "['a' 'b']",
        "['a',]",
        "[,]",
        "[\n'a',\n'b'\n]",
        "[\n'a'\n,'b']",
        "%w[a b]",
        "%w()",
        "%w(a 'b' #c)",
        "%w[a\n  b]",
        "%w[\\n]",
        "%w{a b}",
        "%i[a b]",
        "{}",
        "{a: 1}",
        "{a:1}",
        "{:a => 'b'}",
        "{:a=>'b'}",
        "{'a'=>{b: nil}}",
        "{'a' => 1, 'a' => 2}",
        "{a: 1, :a => 2}",
        "{if: 1}",
        "{'a': 1}",
        "{a: 1,}",
        "{a: # c\n 1}",
        "x",
        "y",
        "STDOUT",
        "STDERR",
        "STDIN",
        "'a'.to_s",
        "'a' 'b'",
        "/a/",
        "?a"
    };

    private static final String[] KEYS = {"'k' =>", "\"k\" =>", ":k =>", "k:", ":k=>", "'l'=>", "/k/ =>", "k :"};
    private static final String[] LINE_ENDS = {"\n", "\n", "\n", "\r\n", "\n\n", " # c\n", "\t\n"};

    private final Random random = new Random(11);

    @TempDir
    private Path directory;

    @Test
    void plainSettingsAreWhatRubyReads() throws Exception {
        // given
        Path files = Files.createDirectory(directory.resolve("files"));
        List<Path> paths = new ArrayList<>();
        for (int number = 0; number < FILES; number++) {
            paths.add(Files.writeString(files.resolve("%05d.rb".formatted(number)), content()));
        }

        // when: one Ruby reads them all
        Path all = Files.writeString(directory.resolve("all.rb"), """
                results(Dir.glob('%s/*.rb').sort.map do |file|
                  fresh = self.class.new(file)
                  fresh.from_file(file)
                  fresh._set
                rescue Exception
                  nil
                end)
                """.formatted(files));
        EvaluatedFile evaluated =
                new RubyConfig(Path.of("target", "evaluator"), Duration.ofMinutes(5)).evaluateByRuby(all, Dialect.CHEF);
        List<RubyValue> byRuby = ((Array) evaluated.get("results").orElseThrow()).items();

        // then
        int read = 0;
        List<String> different = new ArrayList<>();
        for (int number = 0; number < FILES; number++) {
            Optional<RubyValue> plain = PlainFile.read(paths.get(number)).map(PlainFileIT::asHash);
            if (plain.isPresent()) {
                read++;
                if (!plain.get().equals(byRuby.get(number))) {
                    different.add("%s%nis %s, for Ruby %s"
                            .formatted(Files.readString(paths.get(number)), plain.get(), byRuby.get(number)));
                }
            }
        }
        assertThat(different).isEmpty();
        assertThat(read).isBetween(FILES / 20, FILES / 2);
    }

    private static RubyValue asHash(EvaluatedFile file) {
        return new Hash(file.settings().entrySet().stream()
                .map(setting -> new Entry(new Symbol(setting.getKey()), setting.getValue()))
                .toList());
    }

    private String content() {
        StringBuilder content = new StringBuilder(random.nextInt(20) == 0 ? "\uFEFF" : "");
        int statements = 1 + random.nextInt(3);
        for (int count = 0; count < statements; count++) {
            String statement = any(STATEMENTS);
            while (statement.contains("V")) {
                statement = statement.replaceFirst("V", Matcher.quoteReplacement(any(VALUES)));
            }
            while (statement.contains("K")) {
                statement = statement.replaceFirst("K", Matcher.quoteReplacement(any(KEYS)));
            }
            content.append(statement).append(any(LINE_ENDS));
        }
        return content.toString();
    }

    private String any(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
