# Evaluates one configuration file and prints what it sets as one JSON document on the last line of the standard output,
# after a line with MARK: whatever the file itself prints stands before that.
#   evaluator.rb MARK DIALECT FILE
# The document is described in docs/decisions/0014-configuration-files-are-evaluated-by-a-child-process.md.

module PushJobs
  # Stands for everything of Chef's own program that is not here: takes every call and answers with itself.
  class Absent < BasicObject
    def initialize(name)
      @name = name
    end

    def method_missing(*)
      self
    end

    def respond_to_missing?(*)
      true
    end

    def respond_to?(*)
      false
    end

    def to_s
      @name
    end
    alias inspect to_s
    alias to_str to_s

    def nil?
      false
    end
  end

  # Chef, Ohai and the like: their constants exist, whatever their names.
  module AbsentConstants
    def const_missing(name)
      const_set(name, Module.new.extend(AbsentConstants))
    end

    def method_missing(name, *)
      Absent.new("#{self}.#{name}")
    end

    def respond_to_missing?(*)
      true
    end
  end

  # A hash whose members come into being when they are read, and for which a symbol and a string are the same key.
  class Tree
    def initialize
      @members = {}
    end

    def [](key)
      @members[key.to_s] = Tree.new unless @members.key?(key.to_s)
      @members[key.to_s]
    end

    def []=(key, value)
      @members[key.to_s] = value
    end
    alias store []=

    def key?(key)
      @members.key?(key.to_s) && !@members[key.to_s].then { |value| Tree === value && value.empty? }
    end
    alias has_key? key?

    def fetch(key, *default)
      return @members[key.to_s] if key?(key)

      default.empty? ? @members.fetch(key.to_s) : default.first
    end

    def merge!(other)
      other.each { |key, value| self[key] = value }
      self
    end
    alias update merge!

    def delete(key)
      @members.delete(key.to_s)
    end

    def each(&block)
      to_h.each(&block)
    end

    def empty?
      to_h.empty?
    end

    # Without members that were only looked at.
    def to_h
      @members.reject { |_, value| Tree === value && value.empty? }
    end

    def method_missing(name, *arguments)
      key = name.to_s.delete_suffix('=')
      return self[key] if arguments.empty?

      self[key] = arguments.first
    end

    def respond_to_missing?(*)
      true
    end
  end

  # What the file is evaluated in: `key value`, `key(value)`, `self.key = value` and `self[:key] = value` set.
  class Settings
    ROOTS = %i[Chef ChefConfig ChefUtils Ohai Mixlib].freeze

    attr_reader :_values, :_files

    def initialize
      @_values = {}
      @_files = []
      @_lenient = false
    end

    def [](key)
      _read(key.to_sym)
    end

    def []=(key, value)
      @_values[key.to_sym] = value
    end

    def key?(key)
      @_values.key?(key.to_sym)
    end
    alias has_key? key?

    def from_file(path)
      path = path.to_s
      @_files << path
      source = File.read(path, encoding: Encoding::UTF_8)
      instance_eval(source, path, 1)
      self
    end

    # Chef's own gems are not here, and a file that asks for them asks for something that the push jobs do not need.
    def require(name)
      super
    rescue LoadError
      warn "#{name} is not there"
      @_lenient = true
      false
    end

    def _absent?(constant)
      @_lenient || ROOTS.include?(constant)
    end

    def method_missing(name, *arguments)
      key = name.to_s.delete_suffix('=').to_sym
      return super if key.end_with?('?', '!')
      return _read(key) if arguments.empty?

      _write(key, arguments)
    end

    def respond_to_missing?(*)
      true
    end
  end

  # chef-client's files, knife's too (Mixlib::Config).
  class ChefSettings < Settings
    TREES = %i[knife chef_zero ohai].freeze
    LISTS = %i[start_handlers report_handlers exception_handlers].freeze

    private

    def _read(key)
      unless @_values.key?(key)
        return @_values[key] = Tree.new if TREES.include?(key)
        return @_values[key] = [] if LISTS.include?(key)
      end
      @_values[key]
    end

    def _write(key, arguments)
      @_values[key] = arguments.first
    end
  end

  # Chef server's files: nested settings come into being when they are read; a list for `server "name", address: ...`.
  class ServerSettings < Settings
    private

    def _read(key)
      @_values[key] = Tree.new unless @_values.key?(key)
      @_values[key]
    end

    def _write(key, arguments)
      if arguments.length == 1
        @_values[key] = arguments.first
      else
        (@_values[key] = [] unless Array === @_values[key])
        @_values[key] << arguments
        arguments
      end
    end
  end

  class Json
    DEEPEST = 64
    ESCAPES = { '"' => '\\"', '\\' => '\\\\', "\n" => '\\n', "\r" => '\\r', "\t" => '\\t' }.freeze

    def self.text(value)
      utf8 = value.encoding == Encoding::BINARY ? value.dup.force_encoding(Encoding::UTF_8) : value
      utf8 = utf8.encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub
      "\"#{utf8.gsub(/["\\\u0000-\u001f]/) { |c| ESCAPES[c] || format('\\u%04x', c.ord) }}\""
    end

    def self.value(value, depth = 0)
      raise "a value is nested more than #{DEEPEST} deep, or holds itself" if depth > DEEPEST

      case value
      when nil, true, false then value.nil? ? 'null' : value.to_s
      when Absent then tagged('absent', value.to_s)
      when Integer then value.to_s
      when Float then value.finite? ? value.to_s : tagged('other', value.to_s)
      when String then text(value)
      when Symbol then tagged('symbol', value.to_s)
      when Regexp
        "{\"regexp\":#{text(value.source)},\"options\":#{value.options & 7}}"
      when Array then "[#{value.map { |item| value(item, depth + 1) }.join(',')}]"
      when Hash, Tree
        "{\"hash\":[#{value.to_h.map { |k, v| "[#{value(k, depth + 1)},#{value(v, depth + 1)}]" }.join(',')}]}"
      when IO then tagged('stream', { 1 => 'STDOUT', 2 => 'STDERR' }.fetch(value.fileno) { value.respond_to?(:path) ? value.path.to_s : value.inspect })
      when Module then tagged('absent', value.to_s)
      else value.class.name == 'Pathname' ? text(value.to_s) : tagged('other', value.class.to_s)
      end
    end

    def self.tagged(kind, content)
      "{\"#{kind}\":#{text(content)}}"
    end
  end

  # One line: what, and where in the files that were evaluated.
  class Problem
    def initialize(error, files)
      @error = error
      @files = files
    end

    def to_json
      message = @error.message.to_s.scrub.strip
      file, line = place(message)
      message = message.delete_prefix("#{file}:#{line}: ") if file
      message = message.lines.map(&:strip).reject(&:empty?).join(' ')
      message = "syntax error: #{message}" if SyntaxError === @error && !message.start_with?('syntax error')
      message += " (#{@error.class})" unless SyntaxError === @error
      "{\"error\":#{Json.text(message)},\"file\":#{file ? Json.text(file) : 'null'},\"line\":#{line || 'null'}}"
    end

    private

    def place(message)
      texts = SyntaxError === @error ? [message] + (@error.backtrace || []) : (@error.backtrace || [])
      texts.each do |text|
        @files.each do |file|
          return [file, Regexp.last_match(1).to_i] if text =~ /#{Regexp.escape(file)}:(\d+)/
        end
      end
      [@files.last, nil]
    end
  end

  DIALECTS = { 'chef' => ChefSettings, 'chef_server' => ServerSettings }.freeze

  # The launchers set LC_ALL for Java (bin/lib/launch.sh); the file sees what it was.
  def self.restore_locale
    before = ENV.delete('PUSHJOBS_LC_ALL')
    ENV['LC_ALL'] = before.empty? ? nil : before if before
  end

  def self.run(mark, dialect, file)
    restore_locale
    settings = DIALECTS.fetch(dialect).new
    provide_constants(settings)
    environment = ENV.to_h
    begin
      settings.from_file(file)
      document = document(settings, changes(environment, ENV.to_h))
    rescue SystemExit => e
      document = Problem.new(RuntimeError.new("the file ends the program with status #{e.status}").tap { |error| error.set_backtrace(e.backtrace) }, settings._files).to_json
    rescue Exception => e # rubocop:disable Lint/RescueException: also syntax errors
      document = Problem.new(e, settings._files).to_json
    end
    STDOUT.write("\n#{mark}\n#{document}\n")
    STDOUT.flush
  end

  def self.document(settings, environment)
    members = settings._values.map { |key, value| "[#{Json.text(key.to_s)},#{Json.value(value)}]" }
    variables = environment.map { |name, value| "[#{Json.text(name)},#{Json.value(value)}]" }
    files = settings._files.uniq.map { |file| Json.text(file) }
    "{\"settings\":[#{members.join(',')}],\"environment\":[#{variables.join(',')}],\"files\":[#{files.join(',')}]}"
  end

  def self.changes(before, after)
    changed = after.reject { |name, value| before[name] == value }
    (before.keys - after.keys).each { |name| changed[name] = nil }
    changed
  end

  def self.provide_constants(settings)
    chef = Module.new.extend(AbsentConstants)
    Object.const_set(:Chef, chef)
    chef.const_set(:Config, settings)
    Object.const_set(:ChefConfig, Module.new.extend(AbsentConstants))
    ChefConfig.const_set(:Config, settings)
    Object.define_singleton_method(:const_missing) do |name|
      raise NameError, "uninitialized constant #{name}" unless settings._absent?(name)

      const_set(name, Module.new.extend(AbsentConstants))
    end
  end
end

PushJobs.run(*ARGV)
