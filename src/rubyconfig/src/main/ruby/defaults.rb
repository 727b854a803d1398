# What Chef's settings are where a file sets nothing.

module PushJobs
  module Chef
    # Contexts that ChefConfig and Ohai declare, each with its defaults.
    def self.contexts
      {
        knife: { hints: {} },
        chef_zero: { enabled: false, host: 'localhost', port: 8889, single_org: 'chef', osc_compat: false },
        target_mode: { enabled: false, protocol: 'ssh' },
        windows_service: { watchdog_timeout: 7200 },
        data_collector: { mode: :both, raise_on_failure: false, organization: 'chef_solo' },
        chefdk: {}, chefcli: {},
        ohai: {
          disabled_plugins: [], optional_plugins: [], plugin_path: ['/etc/chef/ohai/plugins'], run_all_plugins: false,
          hints_path: ['/etc/chef/ohai/hints'], critical_plugins: [], shellout_timeout: 30, plugin: {}
        }
      }
    end

    # Those of ChefConfig that a file can build on; blocks are asked when they are read, lists become the file's own.
    def self.defaults(file)
      defaults = {
        config_file: file, config_dir: -> { File.dirname(File.expand_path(config_file)) },
        user_home: -> { Dir.home }, cache_path: -> { Chef.cache_path(user_home) },
        chef_server_url: 'https://localhost:443', client_key: '/etc/chef/client.pem',
        validation_key: '/etc/chef/validation.pem',
        validation_client_name: -> { "#{chef_server_url[%r{/organizations/(.*)$}, 1] || 'chef'}-validator" },
        chef_repo_path: -> { Chef.repository(self) },
        lockfile: -> { File.join(file_cache_path, 'chef-client-running.pid') },
        syntax_check_cache_path: -> { cache_options[:path] },
        cache_options: -> { { path: File.join(config_dir, 'syntaxcache') } },
        log_level: :auto, ssl_verify_mode: :verify_peer, umask: 0o022, http_retry_count: 5, http_retry_delay: 5,
        rest_timeout: 300, local_mode: false, solo: false, solo_legacy_mode: false, why_run: false, color: false,
        client_registration_retries: 5, verify_api_cert: -> { local_mode }, authentication_protocol_version: '1.1',
        file_atomic_update: true, file_staging_uses_destdir: :auto, internal_locale: 'C.UTF-8', fips: false,
        verbose_logging: true, enable_reporting: true, formatter: 'null', repo_mode: 'hosted_everything',
        ruby_encoding: Encoding::UTF_8, run_lock_timeout: nil
      }
      lists = %i[start_handlers report_handlers exception_handlers event_handlers formatters script_path plugin_path
                 disabled_plugins silence_deprecation_warnings]
      lists.each { |key| defaults[key] = [] }
      { file_cache_path: 'cache', file_backup_path: 'backup', checksum_path: 'checksums' }.each do |key, name|
        defaults[key] = -> { File.join(cache_path, name) }
      end
      { trusted_certs_dir: 'trusted_certs', client_d_dir: 'client.d', solo_d_dir: 'solo.d', config_d_dir: 'config.d' }
        .each { |key, name| defaults[key] = -> { File.join(config_dir, name) } }
      %w[acl client cookbook data_bag environment group node policy role user].each do |name|
        defaults[:"#{name}_path"] = -> { Chef.below_repository(self, name == 'policy' ? 'policies' : "#{name}s") }
      end
      defaults
    end

    def self.cache_path(home)
      usable = ['/var/chef', '/var'].any? { |path| File.readable?(path) && File.writable?(path) }
      usable ? '/var/chef' : File.join(home, '.chef')
    end

    # What the cookbooks lie in.
    def self.repository(settings)
      return settings.cache_path unless settings.key?(:cookbook_path)

      paths = settings.cookbook_path
      String === paths ? File.expand_path('..', paths) : Array(paths).map { |path| File.expand_path('..', path) }
    end

    def self.below_repository(settings, name)
      roots = settings.chef_repo_path
      String === roots ? File.join(roots, name) : Array(roots).uniq.map { |root| File.join(root, name) }
    end
  end
end
