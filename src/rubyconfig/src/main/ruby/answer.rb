# What is printed: the settings, or what is wrong with the file.

module PushJobs
  module Json
    DEEPEST = 64
    ESCAPES = { '"' => '\\"', '\\' => '\\\\', "\n" => '\\n', "\r" => '\\r', "\t" => '\\t' }.freeze

    # Classes whose objects are as good as the text that they print: paths and addresses.
    TEXTS = /\A(Pathname|URI::\w+)\z/

    def self.text(value)
      utf8 = value.encoding == Encoding::BINARY ? value.dup.force_encoding(Encoding::UTF_8) : value
      utf8 = utf8.encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub
      "\"#{utf8.gsub(/["\\\u0000-\u001f]/) { |c| ESCAPES[c] || format('\\u%04x', c.ord) }}\""
    end

    def self.value(value, depth = 0)
      raise "a value is nested more than #{DEEPEST} deep, or holds itself" if depth > DEEPEST

      case value
      when nil, true, false then value.nil? ? 'null' : value.to_s
      when NotThere::Value then tagged('absent', NotThere.name_of(value))
      when Integer then value.to_s
      when Float then value.finite? ? value.to_s : tagged('other', value.to_s)
      when String then text(value)
      when Symbol then tagged('symbol', value.to_s)
      when Regexp
        "{\"regexp\":#{text(value.source)},\"options\":#{value.options & 7}}"
      when Array then "[#{value.map { |item| value(item, depth + 1) }.join(',')}]"
      when Hash then hash(value, depth)
      when Context, Tree then hash(value._set, depth)
      when IO then tagged('stream', stream(value))
      when Module then tagged('absent', named(value))
      when NotThere::Instance then tagged('absent', named(value.class))
      else value.class.name.to_s.match?(TEXTS) ? text(value.to_s) : tagged('other', value.class.to_s)
      end
    end

    # Without the object that classes of the file stand under.
    def self.named(type)
      type.name.to_s.sub(/\A#<[^>]*>::/, '')
    end

    def self.hash(members, depth)
      "{\"hash\":[#{members.map { |k, v| "[#{value(k, depth + 1)},#{value(v, depth + 1)}]" }.join(',')}]}"
    end

    def self.stream(io)
      { 1 => 'STDOUT', 2 => 'STDERR' }.fetch(io.fileno) { io.respond_to?(:path) ? io.path.to_s : io.inspect }
    end

    def self.tagged(kind, content)
      "{\"#{kind}\":#{text(content)}}"
    end
  end

  module Answer
    def self.document(settings, environment)
      members = settings._set.map do |key, value|
        "[#{Json.text(key.to_s)},#{Json.value(value)},#{place(settings._place(key))}]"
      end
      variables = environment.map { |name, value| "[#{Json.text(name)},#{Json.value(value)}]" }
      files = settings._files.uniq.map { |file| Json.text(file) }
      "{\"settings\":[#{members.join(',')}],\"members\":[#{places_of_members(settings).join(',')}]," \
        "\"environment\":[#{variables.join(',')}],\"files\":[#{files.join(',')}]}"
    end

    # Of what was set below a setting, by names like opscode_erchef.max_request_size.
    def self.places_of_members(settings)
      settings._set.select { |_, value| Tree === value }.flat_map do |key, value|
        value._places.map { |name, location| "[#{Json.text("#{key}.#{name}")},#{place(location)}]" }
      end
    end

    def self.place(place)
      place ? "#{Json.text(place.first)},#{place.last}" : 'null,null'
    end
  end

  # One line: what, and where in the files that were evaluated.
  class Problem
    # Ruby reads `whitelist { 'a' => 'b', 'c' => 'd' }` as a block, and finds no sense in it.
    BLOCK_FOR_HASH = /^\s*(?:self\.)?(\w+)\s*(?:\{|\bdo\b)\s*(?:$|#|['":\/%])/

    def initialize(error, files)
      @error = error
      @files = files
    end

    def to_json
      message = @error.message.to_s.scrub.strip
      file, line = place(message)
      message = message.delete_prefix("#{file}:#{line}: ") if file
      message = message.lines.map(&:strip).reject(&:empty?).join(' ')
      message = explained(message, file, line)
      "{\"error\":#{Json.text(message)},\"file\":#{file ? Json.text(file) : 'null'},\"line\":#{line || 'null'}}"
    end

    private

    def explained(message, file, line)
      case @error
      when SyntaxError
        message = "syntax error: #{message}" unless message.start_with?('syntax error')
        key = block_for_hash(file, line)
        key ? "#{message}; #{Settings.hash_hint(key)}" : message
      when NotThere::Error, Refused then message
      else "#{message} (#{@error.class})"
      end
    end

    # The setting whose hash was written as a block, at the error or in the lines before it.
    def block_for_hash(file, line)
      return unless file && line && File.file?(file)

      lines = File.read(file, encoding: Encoding::UTF_8).scrub.lines.first(line)
      lines.reverse_each.first(line).each do |text|
        return Regexp.last_match(1) if text =~ BLOCK_FOR_HASH
        break if text =~ /^\S/ && text !~ /^[}\])]/ && !text.equal?(lines.last)
      end
      nil
    end

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
end
