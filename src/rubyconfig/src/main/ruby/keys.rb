# Names with values, in the ways in which files set and read them.

module PushJobs
  # Mixlib::Config's: `key value`, `key = value` and `[:key] = value` set, `key` and `[:key]` read, nil where nothing is set.
  module Keys
    def [](key)
      _read(key.to_sym)
    end

    def []=(key, value)
      _write(key.to_sym, value)
    end
    alias store []=

    def key?(key)
      @_values.key?(key.to_sym)
    end
    alias has_key? key?

    def fetch(key, *default, &block)
      @_values.fetch(key.to_sym, *default, &block)
    end

    def keys
      @_values.keys
    end

    def delete(key)
      @_values.delete(key.to_sym)
    end

    def merge!(other)
      other.to_hash.each { |key, value| self[key] = value }
      self
    end
    alias update merge!
    alias restore merge!

    def each(&block)
      _set.each(&block)
    end

    def to_hash
      _set
    end
    alias to_h to_hash
    alias save to_hash

    def configuration
      @_values
    end

    def configure
      yield self
    end

    def default(key, value = nil, &block)
      _defaults[key.to_sym] = block || value
      nil
    end

    # The long way to say it: `configurable(:key).defaults_to(value)`.
    def configurable(key)
      Configurable.new(self, key)
    end

    def method_missing(name, *arguments, &block)
      key = name.to_s.delete_suffix('=').to_sym
      return super if key.end_with?('?', '!') || key.match?(/\A[[:upper:]]/)
      return _read(key, &block) if arguments.empty?

      _refuse_block(key) if block
      _write_all(key, arguments)
    end

    def respond_to_missing?(name, *)
      !name.to_s.start_with?('to_')
    end

    # What the file has set; what was only looked at has not been.
    def _set
      @_values.reject do |key, value|
        Context === value ? value.empty? : _looked_at.include?(key) && value == _default(key)
      end
    end

    private

    def _read(key)
      _refuse_block(key) if block_given?
      return @_values[key] if @_values.key?(key) || !_defaults.key?(key)

      value = _default(key)
      return value unless Array === value || Hash === value

      _write(key, value)
      _looked_at << key
      value
    end

    # Several values become a list.
    def _write_all(key, values)
      _write(key, values.length == 1 ? values.first : values)
    end

    def _write(key, value)
      _looked_at.delete(key)
      @_values[key] = value
    end

    # Lists and hashes of Chef's defaults, which the file may have added to.
    def _looked_at
      @_looked_at ||= []
    end

    def _default(key)
      value = _defaults[key]
      Proc === value ? instance_exec(&value) : value.dup
    end

    def _refuse_block(key)
      raise Refused, "#{key} is given a block, which sets nothing; #{Settings.hash_hint(key)}"
    end
  end

  # A setting that a file declares.
  class Configurable
    def initialize(settings, key)
      @settings = settings
      @key = key
    end

    def defaults_to(value = nil, &block)
      @settings.default(@key, value, &block)
      self
    end
  end

  # Settings below another: `knife[:editor]`, `data_collector.server_url`.
  class Context
    include Keys

    attr_reader :_defaults

    def initialize(defaults = {})
      @_values = {}
      @_defaults = defaults.dup
    end

    def empty?
      _set.empty?
    end
  end

  # A hash whose members come into being when they are read, and for which a symbol and a string are the same key.
  class Tree
    def initialize
      @members = {}
      @places = {}
    end

    # Where members were set, by their names below this one: `a` and, in a member that is such a hash, `a.b`.
    def _places
      @members.each_with_object(@places.dup) do |(key, value), places|
        value._places.each { |name, place| places["#{key}.#{name}"] = place } if Tree === value
      end
    end

    def [](key)
      @members[key.to_s] = Tree.new unless @members.key?(key.to_s)
      @members[key.to_s]
    end

    def []=(key, value)
      @places[key.to_s] = Places.outside(caller_locations)
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
      @places.delete(key.to_s)
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
    alias _set to_h

    def method_missing(name, *arguments)
      key = name.to_s.delete_suffix('=')
      return self[key] if arguments.empty?

      self[key] = arguments.first
    end

    def respond_to_missing?(*)
      true
    end
  end
end
