# Which directories the file looks into for other files: a file that is new there may change what it sets.

module PushJobs
  module Looked
    MOST = 200
    WILD = /[*?\[{]/

    @directories = []
    @noting = false

    class << self
      attr_reader :directories

      # Whatever goes wrong here is no fault of the file. Within Ruby's own archive nothing is ever new.
      def note
        return if @noting || @directories.length >= MOST

        @noting = true
        begin
          looked_into = yield.map { |directory| File.expand_path(directory) }.reject { |name| name.start_with?('uri:') }
          @directories = (@directories | looked_into).first(MOST)
        rescue StandardError
          nil
        ensure
          @noting = false
        end
      end

      # Those that a pattern is looked up in: the one before its first wildcard, and those that its parts match.
      def of_pattern(pattern, base)
        pattern = File.join(base.to_s, pattern.to_s) if base && !pattern.to_s.start_with?('/')
        parts = pattern.to_s.split('/')
        first = parts.index { |part| part =~ WILD } || [parts.length - 1, 0].max
        start = parts.first(first).join('/')
        start = pattern.to_s.start_with?('/') ? '/' : '.' if start.empty?
        within = (first...(parts.length - 1)).flat_map { |last| Dir.glob("#{parts.first(last + 1).join('/')}/") }
        [start, *within]
      end
    end

    # In front of Ruby's own methods.
    module Noting
      # Pathname's comes with its options as a hash.
      def glob(pattern, *rest, **options, &block)
        base = options[:base] || (rest.last[:base] if rest.last.is_a?(Hash))
        Looked.note { Array(pattern).flat_map { |one| Looked.of_pattern(one, base) } }
        super
      end

      def [](*patterns, **options)
        Looked.note { patterns.flatten.flat_map { |one| Looked.of_pattern(one, options[:base]) } }
        super
      end

      %i[children each_child empty? entries foreach new open].each do |name|
        define_method(name) do |directory, *rest, **options, &block|
          Looked.note { [directory] }
          super(directory, *rest, **options, &block)
        end
      end
    end

    Dir.singleton_class.prepend(Noting)

    # At the end of the program a list, after a line with MARK-looked.
    def self.print_at_end(mark)
      at_exit do
        names = directories.map { |name| "\"#{name.scrub.gsub(/["\\\u0000-\u001f]/) { |c| format('\\u%04x', c.ord) }}\"" }
        STDOUT.write("\n#{mark}-looked\n[#{names.join(',')}]\n")
      end
    end
  end
end
