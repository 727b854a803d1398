# What Chef's own Ruby still has and this one has dropped.

module PushJobs
  module OfChefsRuby
    # Exist under these names since Ruby 1.8.
    module Exists
      def exists?(path)
        exist?(path)
      end
    end

    # Safety levels, which have had no effect for long.
    module Taint
      def taint = self

      def untaint = self

      def tainted? = false
    end

    # `ERB.new(text, nil, '-')`.
    module Template
      def initialize(text, *old, trim_mode: nil, eoutvar: nil)
        mode = old[1] || trim_mode
        name = old[2] || eoutvar
        name ? super(text, trim_mode: mode, eoutvar: name) : super(text, trim_mode: mode)
      end
    end

    # `open('|command')`.
    module Commands
      private

      def open(path, *arguments, **options, &block)
        command = path.respond_to?(:to_str) && path.to_str.start_with?('|')
        command ? IO.popen(path.to_str.delete_prefix('|'), *arguments, **options, &block) : super
      end
    end

    def self.provide
      [File, Dir, FileTest].each { |type| type.extend(Exists) }
      Object.include(Taint)
      Object.prepend(Commands)
      %i[Fixnum Bignum].each { |name| Object.const_set(name, Integer) }
    end
  end
end
