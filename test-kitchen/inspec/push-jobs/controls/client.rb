# frozen_string_literal: true

control 'push-jobs-client' do
  impact 1.0
  title 'The agent is where the push-jobs cookbook and its checks look for it, and runs'
  only_if('there is no agent') { input('agent_runs') }

  describe package('push-jobs-client') do
    it { should be_installed }
  end

  %w(pushy-client pushy-service-manager push-jobs-client).each do |program|
    describe file("/opt/push-jobs-client/bin/#{program}") do
      it { should exist }
      it { should be_executable }
      it { should be_owned_by 'root' }
    end
  end

  describe file('/usr/bin/pushy-client') do
    it { should be_symlink }
  end

  describe file('/etc/chef/push-jobs-client.rb') do
    it { should be_owned_by 'root' }
    it { should be_grouped_into 'root' }
    its('mode') { should cmp '0644' }
    its('content') { should match(/^whitelist\(/) }
    its('content') { should match(/LC_ALL/) }
    its('content') { should match(/^allow_unencrypted false$/) }
  end

  describe command('pushy-client -c /etc/chef/push-jobs-client.rb --check-config') do
    its('exit_status') { should eq 0 }
    its('stdout') { should match(/the settings can be used/) }
  end

  describe service('chef-push-jobs-client') do
    it { should be_enabled }
    it { should be_running }
  end

  describe command('systemd-analyze verify --man=no /usr/lib/systemd/system/chef-push-jobs-client.service') do
    its('exit_status') { should eq 0 }
  end

  describe command('find /opt/push-jobs-client ! -user 0 -o -perm /022 ! -type l') do
    its('stdout') { should eq '' }
  end
end
