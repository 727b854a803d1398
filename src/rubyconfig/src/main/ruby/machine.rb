# What is true of the machine that the file is read on: the answers to questions about the platform.

require 'rbconfig'

module PushJobs
  module Machine
    # By what `ID` and `ID_LIKE` of os-release say, and by what Chef calls it.
    PLATFORMS = {
      'ubuntu' => %w[ubuntu], 'debian_platform' => %w[debian], 'centos' => %w[centos], 'redhat' => %w[rhel],
      'oracle' => %w[ol], 'rocky' => %w[rocky], 'alma' => %w[almalinux], 'linuxmint' => %w[linuxmint],
      'raspbian' => %w[raspbian], 'suse_platform' => %w[sles], 'opensuse' => %w[opensuse opensuse-leap],
      'fedora_platform' => %w[fedora], 'amazon_platform' => %w[amzn], 'arch_platform' => %w[arch]
    }.freeze
    FAMILIES = {
      'debian' => %w[debian ubuntu], 'rhel' => %w[rhel centos], 'fedora' => %w[fedora], 'suse' => %w[suse sles opensuse],
      'amazon' => %w[amzn], 'arch' => %w[arch], 'gentoo' => %w[gentoo], 'alpine' => %w[alpine]
    }.freeze
    OTHER_SYSTEMS = {
      'aix' => /aix/, 'freebsd' => /freebsd/, 'openbsd' => /openbsd/, 'netbsd' => /netbsd/,
      'solaris' => /solaris/, 'solaris2' => /solaris/, 'smartos' => /sunos|smartos/
    }.freeze

    # Whether it is so; nil for a question that is not about the machine.
    def self.answer(question)
      name = question.to_s.delete_suffix('?')
      return PLATFORMS[name].include?(ids.first) if PLATFORMS.key?(name)
      return family?(name) if FAMILIES.key?(name)
      return OTHER_SYSTEMS[name].match?(system) if OTHER_SYSTEMS.key?(name)

      question_of_system(name)
    end

    def self.question_of_system(name)
      case name
      when /\A(windows.*|windows_ruby|win_platform)\z/ then system.match?(/mswin|mingw|windows/)
      when /\Arhel\d+\z/ then family?('rhel') && release == name.delete_prefix('rhel')
      when 'redhat_based' then family?('fedora') || family?('rhel')
      when 'linux' then system.match?(/linux/)
      when /\A(darwin|macos|macos_x|mac_os_x|mac|mac_os_x_ruby|macos_ruby)\z/ then system.match?(/darwin/)
      when 'unix' then !system.match?(/mswin|mingw|windows/)
      when 'bsd_based' then system.match?(/bsd|darwin/)
      when 'fedora_derived', 'fedora_based' then family?('fedora') || family?('rhel') || family?('amazon')
      when 'rpm_based' then family?('fedora') || family?('rhel') || family?('amazon') || family?('suse')
      when '_64_bit' then cpu.match?(/64/)
      when '_32_bit' then !cpu.match?(/64/)
      when 'x86_64', 'intel_based' then cpu == 'x86_64'
      when 'i386', 'intel' then cpu == 'i386'
      when 'arm', 'arm_based' then cpu.match?(/arm|aarch/)
      when 'systemd' then File.exist?('/proc/1/comm') && File.read('/proc/1/comm').strip == 'systemd'
      when 'docker' then File.exist?('/.dockerenv') || File.exist?('/.dockerinit')
      when 'ci' then ENV.key?('CI')
      when 'kitchen' then ENV.key?('TEST_KITCHEN')
      end
    end
    private_class_method :question_of_system

    def self.family?(name)
      FAMILIES[name].intersect?(ids)
    end
    private_class_method :family?

    # linux, darwin and so on.
    def self.system
      RbConfig::CONFIG['host_os']
    end

    def self.cpu
      name = RbConfig::CONFIG['host_cpu']
      { 'amd64' => 'x86_64', 'x64' => 'x86_64', 'x86' => 'i386' }.fetch(name, name)
    end

    # RUBY_PLATFORM, as Chef's own Ruby has it.
    def self.platform
      "#{cpu}-#{system}"
    end

    # What this system is, then what it is like; empty where nothing says so.
    def self.ids
      @ids ||= %w[ID ID_LIKE].flat_map { |key| of_release(key).split }
    end
    private_class_method :ids

    # 9 of 9.4.
    def self.release
      of_release('VERSION_ID')[/\A\d+/]
    end
    private_class_method :release

    def self.of_release(key)
      @os_release ||= begin
        file = ['/etc/os-release', '/usr/lib/os-release'].find { |name| File.file?(name) }
        file ? File.read(file, encoding: Encoding::UTF_8).scrub : ''
      end
      @os_release[/^#{key}=(.*)$/, 1].to_s.delete('"\'')
    end
    private_class_method :of_release
  end
end
