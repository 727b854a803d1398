# Where in the files something was called.

module PushJobs
  module Places
    # What Ruby calls a text that was evaluated without a name: where that was done.
    EVALUATED = /\A\(eval at (.+):(\d+)\)\z/

    # File and line of the nearest caller outside of these files; nil when there is none.
    def self.outside(callers)
      location = callers.find { |caller| !caller.path.to_s.start_with?(__dir__) }
      location && of(location.path.to_s, location.lineno)
    end

    def self.of(path, line)
      evaluated = EVALUATED.match(path)
      evaluated ? of(evaluated[1], evaluated[2].to_i) : [path, line]
    end
  end
end
