# What of Chef's own program is there.

require_relative 'defaults'
require_relative 'parts'

module PushJobs
  module Chef
    # Whose files these are read as.
    VERSION = '18.0.0'

    # Compares as a version: '9.0' is before '10.0'.
    class Version < String
      include Comparable

      def <=>(other)
        mine, others = [self, other].map { |text| text.to_s.scan(/\d+/).map(&:to_i) }
        length = [mine.length, others.length].max
        mine.fill(0, mine.length...length) <=> others.fill(0, others.length...length)
      end

      %i[< <= > >= == between? clamp].each { |name| define_method(name, Comparable.instance_method(name)) }
    end

    # Chef::Version.
    class Numbers < Version
      %i[major minor patch].each_with_index do |name, index|
        define_method(name) { scan(/\d+/).fetch(index, 0).to_i }
      end
    end

    # Chef's programs as they are called.
    NAMES = {
      PRODUCT: 'Chef Infra Client', CLIENT: 'chef-client', SHORT: 'chef', EXEC: 'chef', SOLO: 'chef-solo',
      SOLOEXEC: 'chef-solo', ZERO: 'chef-zero', USER_CONF_DIR: '.chef', DIR_SUFFIX: 'chef', SHELL_CONF: 'chef_shell.rb',
      SHELL: 'chef-shell'
    }.freeze

    ROOTS = %i[Chef ChefConfig ChefUtils Ohai Mixlib].freeze

    # Classes that every Chef process has loaded, for files that ask whether they are there.
    CLASSES = %i[Application Client Exceptions Handler Knife Node Platform Provider Recipe Resource].freeze

    # Puts it where files look for it.
    def self.provide(settings)
      roots = ROOTS.to_h { |name| [name, NotThere.namespace(Object, name)] }
      roots.each { |name, root| Object.const_set(name, root) }
      roots.each_value { |root| root.const_set(:VERSION, Version.new(VERSION)) }
      %i[Chef ChefConfig Ohai].each { |name| roots[name].const_set(:Config, settings) }
      chef(roots[:Chef], settings)
      roots[:Mixlib].const_set(:ShellOut, ShellOut)
      roots[:ChefConfig].const_set(:PathHelper, Paths)
      roots[:ChefUtils].const_set(:Dist, Module.new.tap { |dist| dist.const_set(:Infra, names) })
      roots[:ChefUtils].define_singleton_method(:which) { |*programs| Loaded.which(programs.flatten) }
    end

    def self.chef(root, settings)
      (CLASSES + %i[Mixin DSL Util Log]).each { |name| root.const_set(name, NotThere.namespace(root, name)) }
      root.const_get(:Log).extend(Log).settings = settings
      root.const_get(:Util).const_set(:PathHelper, Paths)
      root.const_set(:Dist, names)
      root.const_set(:Version, Numbers)
    end
    private_class_method :chef

    def self.names
      NotThere.namespace(Object, :Dist).tap { |dist| NAMES.each { |name, text| dist.const_set(name, text) } }
    end
    private_class_method :names
  end
end
