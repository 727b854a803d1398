# Evaluates one configuration file and prints what it sets as one JSON document on the last line of the standard output,
# after a line with MARK: whatever the file itself prints stands before that.
#   evaluator.rb MARK DIALECT FILE
# The document is described in docs/decisions/0014-configuration-files-are-evaluated-by-a-child-process.md, what is there
# for the file beside Ruby itself in docs/decisions/0033-what-a-configuration-file-finds-there.md.

require_relative 'not_there'
require_relative 'places'
require_relative 'machine'
require_relative 'chef'
require_relative 'settings'
require_relative 'loaded'
require_relative 'of_chefs_ruby'
require_relative 'answer'
require_relative 'looked'

module PushJobs
  DIALECTS = { 'chef' => ChefSettings, 'chef_server' => ServerSettings }.freeze

  # The launchers set LC_ALL for Java (bin/lib/launch.sh); the file sees what it was.
  def self.restore_locale
    before = ENV.delete('PUSHJOBS_LC_ALL')
    ENV['LC_ALL'] = before.empty? ? nil : before if before
  end

  def self.run(mark, dialect, file)
    restore_locale
    Looked.print_at_end(mark)
    # Files look at what the program that reads them was called by: neither this one nor its arguments are meant.
    $PROGRAM_NAME = 'push-jobs'
    settings = DIALECTS.fetch(dialect).new(file)
    Loaded.provide(settings)
    OfChefsRuby.provide
    Chef.provide(settings)
    environment = ENV.to_h
    document = answer(settings, file, environment)
    STDOUT.write("\n#{mark}\n#{document}\n")
    STDOUT.flush
  end

  def self.answer(settings, file, environment)
    settings.from_file(file)
    NotThere.refuse_branches
    settings._refuse_variables
    Answer.document(settings, changes(environment, ENV.to_h))
  rescue SystemExit => e
    ended = RuntimeError.new("the file ends the program with status #{e.status}")
    Problem.new(ended.tap { |error| error.set_backtrace(e.backtrace) }, settings._files).to_json
  rescue Exception => e # rubocop:disable Lint/RescueException: also syntax errors
    Problem.new(e, settings._files | NotThere.files).to_json
  end

  def self.changes(before, after)
    changed = after.reject { |name, value| before[name] == value }
    (before.keys - after.keys).each { |name| changed[name] = nil }
    changed
  end
end

PushJobs.run(*ARGV.shift(ARGV.length))
