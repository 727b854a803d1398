# What belongs to Chef's own program, which is not here. It can be named, called, set and passed on; but nothing can be
# decided by it and no text be made of it: that is an error with file and line, not a guess.

module PushJobs
  module NotThere
    # No StandardError: a file that rescues its own errors must not take this one for an answer.
    class Error < Exception # rubocop:disable Lint/InheritException
      def initialize(name, wanted)
        super("#{name} is not there when the push jobs read this file, so #{wanted}; write down the value itself, or put" \
              ' this part into a file that only Chef reads')
      end
    end

    # Where something that is not there was named: file, line, the last word of its name, and all of it.
    Mention = Struct.new(:file, :line, :word, :name)

    @mentions = []

    class << self
      # Remembers who named it: the nearest caller outside of these files.
      def mention(word, name)
        file, line = Places.outside(::Kernel.caller_locations(2))
        @mentions << Mention.new(file, line, word.to_s, name) if file
      end

      def name_of(value)
        Value.instance_method(:_name).bind_call(value)
      end

      # Refuses the files when one of them, however it was read, decides something by what is not there.
      def refuse_branches
        return if @mentions.empty?

        require_relative 'branches'
        files.each { |file| Branches.new(file, @mentions.select { |mention| mention.file == file }).refuse }
      end

      # Those in which something was named, also by what they had Ruby evaluate or load.
      def files
        @mentions.map(&:file).uniq.select { |file| File.file?(file) }
      end

      # The answer to a call: of the machine for questions, else another thing that is not there.
      def call(name, method)
        answer = method.end_with?('?') ? Machine.answer(method) : nil
        return answer unless answer.nil?
        raise Error.new("#{name}.#{method}", 'its answer is not known') if method.end_with?('?')

        mention(method, "#{name}.#{method}")
        Value.new("#{name}.#{method}")
      end
    end

    # The result of a call.
    class Value < BasicObject
      def initialize(name)
        @name = name
      end

      def _name
        @name
      end

      def method_missing(method, *arguments)
        return arguments.last if method.end_with?('=')

        NotThere.call(@name, method)
      end

      def respond_to_missing?(*)
        false
      end

      # Ruby asks before it makes a text of something: it is to come here and be told.
      def respond_to?(method, *)
        method == :to_str || method == :to_path
      end

      def class
        Value
      end

      %i[to_s inspect to_str to_path to_i to_f to_a to_ary to_h to_hash to_sym to_proc].each do |conversion|
        define_method(conversion) { |*| ::Kernel.raise Error.new(@name, 'nothing can be made of it') }
      end

      %i[== != ! === =~ !~ <=> < > <= >= eql? equal? nil? is_a? kind_of? instance_of? empty?].each do |question|
        define_method(question) { |*| ::Kernel.raise Error.new(@name, 'nothing can be decided by it') }
      end
    end

    # A class or module: its members come into being when they are named.
    module Namespace
      def const_missing(name)
        NotThere.mention(name, "#{self.name}::#{name}")
        const_set(name, NotThere.namespace(self, name))
      end

      def method_missing(method, *arguments)
        return arguments.last if method.end_with?('=')

        NotThere.call(name || 'a class of the file', method)
      end

      def respond_to_missing?(*)
        false
      end

      def to_s
        ::Kernel.raise Error.new(name, 'nothing can be made of it') if PushJobs::NotThere.stand_in?(self)

        super
      end
    end

    # What classes of the file inherit from, by way of Chef's.
    class Instance
      extend Namespace

      def self.new(*arguments, **options, &block)
        return super unless NotThere.stand_in?(self)

        NotThere.mention('new', "#{name}.new")
        Value.new("#{name}.new")
      end

      def initialize(*, **); end

      def method_missing(method, *arguments)
        return arguments.last if method.end_with?('=')

        NotThere.call(self.class.name || 'an object of the file', method)
      end

      def respond_to_missing?(*)
        false
      end
    end

    # What such a module gives to those that include it: the answers about the machine.
    module Questions
      def method_missing(name, *arguments)
        answer = name.end_with?('?') ? Machine.answer(name) : nil
        answer.nil? ? super : answer
      end

      def respond_to_missing?(name, *)
        (name.end_with?('?') && !Machine.answer(name).nil?) || super
      end
    end

    # Names under which Ruby files look for modules; everything else is a class, so that files can inherit from it.
    MODULES = /\A(Mixin|Mixins|DSL|Mixlib|Ohai|ChefConfig|ChefUtils|Log|Dist)\z/

    class << self
      def namespace(parent, name)
        inside = parent.respond_to?(:name) && parent.name.to_s.match?(/(\A|::)(Mixin|Mixins|DSL)\z/)
        made = inside || name.match?(MODULES) ? Module.new { include Questions }.extend(Namespace) : Class.new(Instance)
        made.instance_variable_set(:@stands_in, true)
        made
      end

      def stand_in?(namespace)
        namespace.instance_variable_get(:@stands_in) == true
      end
    end
  end
end
