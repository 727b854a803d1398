# Finds the places at which a file decides something by what is not there: conditions, `&&`, `||`, `!`, `case`.

require 'ripper'

module PushJobs
  module NotThere
    class Branches
      # The kind of node, and which of its members is looked at.
      CONDITIONS = {
        if: [1], elsif: [1], if_mod: [1], unless: [1], unless_mod: [1], ifop: [1], while: [1], while_mod: [1], until: [1],
        until_mod: [1], case: [1]
      }.freeze

      # @param mentions of this file
      def initialize(file, mentions)
        @file = file
        @mentions = mentions
        @variables = []
      end

      def refuse
        tree = Ripper.sexp(File.read(@file, encoding: Encoding::UTF_8).delete_prefix("\uFEFF"))
        look(tree) if tree
      end

      private

      def look(node)
        return unless Array === node

        check(node) if Symbol === node.first
        node.each { |member| look(member) }
        remember(node)
      end

      def check(node)
        case node.first
        when *CONDITIONS.keys then CONDITIONS[node.first].each { |index| refuse_if_named(node[index]) }
        when :binary then refuse_if_named(node[1]) if %i[&& || and or].include?(node[2])
        when :unary then refuse_if_named(node[2]) if %i[! not].include?(node[1])
        when :opassign then refuse_if_named(node[1]) if node[2].to_s.include?('||=') || node[2].to_s.include?('&&=')
        end
      end

      # `x = Chef::Log.level`: from then on x is as little there as what it was given.
      def remember(node)
        return unless node.first == :assign && node[1].first == :var_field && named(node[2])

        @variables << node[1][1][1]
      end

      def refuse_if_named(node)
        name, line = named(node)
        return unless name

        error = Error.new(name, 'nothing can be decided by it')
        error.set_backtrace(["#{@file}:#{line}"])
        raise error
      end

      # The last token in it that was not there when the file came by, or a variable that holds such a thing.
      def named(node)
        return unless Array === node
        return token(node) if node.first.to_s.start_with?('@')
        return if node.first == :aref_field # what is set, not what is looked at
        return if question?(node)

        node.reverse_each { |member| named(member)&.then { |found| return found } }
        nil
      end

      # `x.y?`: it was answered, whatever x is.
      def question?(node)
        node = node[1] if node.first == :method_add_arg
        %i[call fcall vcall].include?(node.first) && node.last.first == :@ident && node.last[1].end_with?('?')
      end

      def token(node)
        word = node[1]
        line = node[2].first
        mention = @mentions.find { |other| other.word == word && other.line == line }
        return [mention.name, line] if mention

        [word, line] if node.first == :@ident && @variables.include?(word)
      end
    end
  end
end
