# What a Ruby that runs Chef has loaded before it reads a file, and what its constants say.

module PushJobs
  module Loaded
    # Loaded when they are first named.
    LIBRARIES = {
      Socket: 'socket', IPSocket: 'socket', TCPSocket: 'socket', Addrinfo: 'socket', Etc: 'etc', Gem: 'rubygems',
      Logger: 'logger', URI: 'uri', JSON: 'json', YAML: 'yaml', Psych: 'yaml', Pathname: 'pathname', Tempfile: 'tempfile',
      FileUtils: 'fileutils', OpenSSL: 'openssl', Digest: 'digest', Date: 'date', DateTime: 'date', Set: 'set', ERB: 'erb',
      StringIO: 'stringio', Timeout: 'timeout', SecureRandom: 'securerandom', Open3: 'open3', Forwardable: 'forwardable',
      Singleton: 'singleton', Benchmark: 'benchmark', Shellwords: 'shellwords', Zlib: 'zlib', IPAddr: 'ipaddr',
      Resolv: 'resolv', OpenStruct: 'ostruct', Monitor: 'monitor', Find: 'find', Net: 'net/http', Delegator: 'delegate',
      SimpleDelegator: 'delegate', TSort: 'tsort', PP: 'pp', Observable: 'observer', CGI: 'cgi', Base64: 'base64'
    }.freeze

    # The facilities of syslog, which this Ruby has no library for; files hand them to Chef's logger.
    FACILITIES = %w[KERN USER MAIL DAEMON AUTH SYSLOG LPR NEWS UUCP CRON AUTHPRIV FTP].freeze
    LOCAL_FACILITIES = (16..23)

    # Chef's own libraries: what they define is under Chef's names.
    CHEFS = %r{\A(chef|ohai|mixlib|chef-config|chef-utils|chef_utils|knife)(/|\z)}

    # Another library that is not there: what its names stand for is not there either.
    module Require
      def require(name)
        Loaded.load_whole(name.to_s)
        super.tap { Loaded.mend(name) }
      rescue LoadError
        raise if name.to_s.start_with?('/', '.')
        return require(name) if Loaded.with_gems(name.to_s)
        # A library of Ruby's own knows what to do without another one.
        raise if Loaded.wanted_by_ruby?(caller_locations)

        Loaded.without(name.to_s)
        false
      end
    end

    # Libraries are loaded when one of the methods that they give to others is called for the first time.
    METHODS = [
      ['json', Object, %i[to_json]], ['yaml', Object, %i[to_yaml]], ['bigdecimal', Object, %i[BigDecimal]],
      ['uri', Object, %i[URI]], ['pathname', Object, %i[Pathname]],
      ['time', Time.singleton_class, %i[parse strptime iso8601 xmlschema rfc2822 httpdate]],
      ['time', Time, %i[rfc2822 httpdate]], ['tmpdir', Dir.singleton_class, %i[tmpdir mktmpdir]],
      ['shellwords', String, %i[shellescape shellsplit]], ['shellwords', Array, %i[shelljoin]]
    ].freeze

    # Whose parts may be loaded alone: `require 'net/smtp'`.
    WHOLES = LIBRARIES.to_h { |constant, library| [library[%r{\A[^/]+}], constant] }.freeze

    class << self
      def provide(settings)
        LIBRARIES.each { |name, library| Object.autoload(name, library) unless Object.const_defined?(name) }
        Object.prepend(Require)
        METHODS.each { |library, owner, names| owner.include(methods_of(library, names)) }
        Object.const_set(:Syslog, syslog)
        platform(settings)
        Object.define_singleton_method(:const_missing) do |name|
          raise NameError, "uninitialized constant #{name}" unless Loaded.lenient?

          NotThere.mention(name, name.to_s)
          Object.const_set(name, NotThere.namespace(Object, name))
        end
      end

      # They make way for the library's own.
      def methods_of(library, names)
        Module.new do
          names.each do |name|
            define_method(name) do |*arguments, **options, &block|
              Loaded.make_way(library, name)
              __send__(name, *arguments, **options, &block)
            end
            private name if name.match?(/\A[[:upper:]]/)
          end
        end.tap { |made| names.each { |name| makeshifts[[library, name]] << made } }
      end

      def makeshifts
        @makeshifts ||= Hash.new { |all, method| all[method] = [] }
      end

      def make_way(library, name)
        makeshifts.delete([library, name])&.each { |made| made.send(:remove_method, name) }
        require library
      end

      # A part of a library opens its module, which would have the whole be loaded in the midst of it.
      def load_whole(name)
        constant = name.include?('/') && WHOLES[name[%r{\A[^/]+}]]
        return if !constant || LIBRARIES[constant] == name || !Object.autoload?(constant)
        return if wanted_by_ruby?(caller_locations(2))

        Object.const_get(constant)
      end

      def syslog
        Module.new.tap do |syslog|
          FACILITIES.each_with_index { |name, number| syslog.const_set("LOG_#{name}", number << 3) }
          LOCAL_FACILITIES.each { |number| syslog.const_set("LOG_LOCAL#{number - LOCAL_FACILITIES.first}", number << 3) }
        end
      end

      # That the file is read by another program than Chef is not to be seen in it.
      def platform(settings)
        Object.send(:remove_const, :RUBY_PLATFORM)
        Object.const_set(:RUBY_PLATFORM, Machine.platform)
        settings.singleton_class.const_set(:RUBY_ENGINE, 'ruby')
      end

      # Some of Ruby's own libraries are gems. Looking for them takes half a second, so that is done when one is wanted.
      def with_gems(library)
        return false if @gems || library.match?(CHEFS)

        @gems = true
        require 'rubygems'
        true
      end

      # Whether the first caller outside of these files is one of Ruby's own.
      def wanted_by_ruby?(callers)
        first = callers.find { |location| !location.path.to_s.start_with?(__dir__) }
        first&.path.to_s.start_with?('uri:', '<internal:')
      end

      def without(library)
        warn "#{library} is not there"
        @lenient = true unless library.match?(CHEFS)
      end

      def lenient?
        @lenient == true
      end

      # Without a terminal Ruby takes the login from the environment. In a template's arguments Chef's Ruby takes older forms.
      def mend(library)
        @mended ||= []
        return if @mended.include?(library)

        case library
        when 'etc' then Etc.singleton_class.prepend(Module.new { def getlogin = super || ENV['USER'] })
        when 'erb' then ERB.prepend(OfChefsRuby::Template)
        else return
        end
        @mended << library
      end

      def which(programs)
        places = ENV.fetch('PATH', '').split(':')
        files = places.product(programs).map { |place, program| File.join(place, program) }
        files.find { |file| File.executable?(file) } || false
      end
    end
  end
end
