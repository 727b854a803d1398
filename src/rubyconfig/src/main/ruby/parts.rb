# The parts of Chef's program that do what they do in Chef.

module PushJobs
  module Chef
    # Chef's helpers for paths, on a machine whose paths are POSIX.
    module Paths
      def self.join(*parts, **)
        parts.map(&:to_s).reduce { |path, part| "#{path.chomp('/')}/#{part.sub(%r{\A/+}, '')}" }.to_s
      end

      def self.cleanpath(path, **)
        Pathname.new(path.to_s).cleanpath.to_s
      end

      def self.canonical_path(path, *)
        File.exist?(path) ? File.realpath(path) : File.absolute_path(path)
      end

      def self.dirname(path, **)
        File.dirname(path)
      end

      def self.home(*parts)
        home = ENV['HOME']
        home && block_given? ? yield(join(home, *parts)) : home && join(home, *parts)
      end

      def self.path_separator(**)
        '/'
      end

      def self.escape_glob_dir(*parts)
        join(*parts).gsub(/[\\{}\[\]*?]/) { |character| "\\#{character}" }
      end
    end

    # What Chef::Config answers beside its settings.
    module Helpers
      def platform_specific_path(path)
        Paths.cleanpath(path)
      end

      def etc_chef_dir(**)
        '/etc/chef'
      end

      def var_chef_dir(**)
        '/var/chef'
      end

      def var_root_dir(**)
        '/var'
      end

      def target_mode?
        target_mode.enabled
      end

      def is_valid_url?(text) # rubocop:disable Naming/PredicatePrefix: it is Chef's name
        text.to_s.strip.match?(%r{\A(https?://|chefzero:)})
      end

      def add_formatter(name, file = nil)
        formatters << [name, file]
      end

      def add_event_logger(logger)
        event_handlers << logger
      end

      def env
        ENV
      end
    end

    # Runs a command, as Mixlib::ShellOut does: without a shell where nothing asks for one.
    class ShellOut
      class ShellCommandFailed < RuntimeError; end

      attr_reader :stdout, :stderr, :status

      def initialize(*command, **options)
        @command = command.flatten
        @options = options
      end

      def run_command
        variables = (@options[:environment] || @options[:env] || {}).to_h { |name, value| [name.to_s, value&.to_s] }
        directory = @options[:cwd] ? { chdir: @options[:cwd].to_s } : {}
        @stdout, @stderr, @status = Open3.capture3(variables, *@command, stdin_data: @options[:input].to_s, **directory)
        self
      end

      def exitstatus
        @status&.exitstatus
      end

      def error?
        !Array(@options[:returns] || 0).include?(exitstatus)
      end

      def error!
        raise ShellCommandFailed, "#{@command.join(' ')} ended with status #{exitstatus}: #{@stderr}" if error?
      end
    end

    # Chef's log writes nothing while a file is read; its level is the file's.
    module Log
      LEVELS = %i[trace debug info warn error fatal].freeze

      attr_writer :level
      attr_accessor :settings

      def level(level = nil)
        @level = level if level
        @level || settings.log_level
      end

      (LEVELS + [:deprecation]).each { |name| define_method(name) { |*| nil } }
      LEVELS.each_with_index do |name, index|
        define_method(:"#{name}?") { index >= (LEVELS.index(level.to_sym) || LEVELS.index(:info)) }
      end
    end
  end
end
