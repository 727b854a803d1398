# What a file is evaluated in.

require_relative 'keys'

module PushJobs
  # What a file says cannot be meant so.
  class Refused < Exception; end # rubocop:disable Lint/InheritException: as NotThere::Error

  # Both dialects.
  class Settings
    include Keys

    attr_reader :_files, :_defaults

    def self.hash_hint(key)
      "a hash that is a setting's value is written #{key}({…})"
    end

    # @param file whose directory counts for paths that are not set
    def initialize(file)
      @_values = {}
      @_files = []
      @_defaults = {}
      @_places = {}
    end

    # File and line where a setting was set last, or looked at first when it was not.
    def _place(key)
      @_places[key]
    end

    def from_file(path)
      path = path.to_s
      @_files << path
      case File.extname(path)
      when '.json' then merge!(JSON.parse(_text(path)))
      when '.yml', '.yaml' then merge!(YAML.safe_load(_text(path), permitted_classes: [Symbol]) || {})
      when '.toml' then raise Refused, "#{path} is TOML, which is not read from here; write its settings in Ruby"
      else _evaluate(_text(path), path)
      end
      self
    end

    def from_string(text, path)
      _evaluate(text, path)
    end

    def include(*modules)
      extend(*modules)
    end

    # Chef::Config is a class; here it is an object.
    alias class_eval instance_eval
    alias module_eval instance_eval
    alias class_exec instance_exec

    def _write(key, value)
      _remember_place(key)
      super
    end

    def _remember_place(key)
      @_places[key] = Places.outside(caller_locations(2))
    end

    # For dialects in which the settings are not known.
    def _refuse_variables; end

    # Some editors begin a file with a mark that is no part of it.
    def _text(path)
      File.read(path, encoding: Encoding::UTF_8).delete_prefix("\uFEFF")
    end
  end

  # chef-client's files, knife's too (Mixlib::Config).
  class ChefSettings < Settings
    include Chef::Helpers

    # Settings that only the push jobs have: a variable of such a name was meant for the setting.
    OWN = %w[
      whitelist file_dir file_dir_expiry allowed_overwritable_env_vars allow_dangerous_env allow_unencrypted max_body_size
    ].freeze

    def initialize(file)
      super
      @_defaults = Chef.defaults(file)
      @_contexts = Chef.contexts
    end

    def key?(key)
      super || @_contexts.key?(key.to_sym)
    end
    alias has_key? key?

    # `whitelist = {…}` sets a variable, which ends with the file.
    def _refuse_variables
      # One that is not there was named by a file that does without it.
      @_files.uniq.select { |file| File.file?(file) }.each do |file|
        _text(file).scrub.each_line.with_index(1) do |text, line|
          name = text[/\A\s*(\w+)\s*=(?![=~>])/, 1]
          next unless OWN.include?(name) && !@_values.key?(name.to_sym)

          refused = Refused.new("#{name} = … sets a variable of the file and not the setting; write #{name}(…)")
          raise refused.tap { |error| error.set_backtrace(["#{file}:#{line}"]) }
        end
      end
    end

    # A context that a file or a plugin of knife declares.
    def config_context(name, &block)
      @_contexts[name] ||= {}
      _read(name).instance_eval(&block) if block
      _read(name)
    end

    private

    def _read(key, &block)
      return super unless @_contexts.key?(key)

      _remember_place(key) unless @_values.key?(key)
      context = (@_values[key] ||= Context.new(@_contexts[key]))
      return context unless block

      block.arity.zero? ? context.instance_eval(&block) : yield(context)
    end

    def _write(key, value)
      return super unless @_contexts.key?(key) && value.respond_to?(:to_hash) && !(Context === value)

      super(key, Context.new(@_contexts[key]).merge!(value))
    end
  end

  # Chef server's files: nested settings come into being when they are read; a list for `server "name", address: ...`.
  class ServerSettings < Settings
    private

    def _read(key)
      _refuse_block(key) if block_given?
      _write(key, Tree.new) unless @_values.key?(key)
      @_values[key]
    end

    def _write_all(key, values)
      return super if values.length == 1

      _write(key, []) unless Array === @_values[key]
      @_values[key] << values
      values
    end
  end
end

# Outside of the module, so that a file does not find this program's own constants before Chef's.
class PushJobs::Settings
  def _evaluate(text, path)
    instance_eval(text, path, 1)
  end
end
