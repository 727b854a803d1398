# frozen_string_literal: true

ctl = '/usr/bin/opscode-push-jobs-server-ctl'
configuration = '/etc/opscode-push-jobs-server'
state = '/var/opt/opscode-push-jobs-server'
keys = '/root/push-jobs-keys'

control 'opscode-push-jobs-server' do
  impact 1.0
  title 'The server is configured, runs, and a second reconfigure changes nothing'
  only_if('there is no server') { input('server') }

  describe package('opscode-push-jobs-server') do
    it { should be_installed }
  end

  describe file(ctl) do
    it { should be_symlink }
  end

  describe command("#{ctl} reconfigure --dry-run") do
    its('exit_status') { should eq 0 }
    its('stdout') { should match(/^Nothing would change\.$/) }
  end

  describe command("#{ctl} status") do
    its('exit_status') { should eq 0 }
  end

  describe command("#{ctl} service-list") do
    its('stdout') { should eq "opscode-pushy-server*\n" }
  end

  describe file("#{configuration}/private-chef-secrets.json") do
    it { should be_owned_by 'root' }
    its('mode') { should cmp '0600' }
  end

  describe file("#{configuration}/opscode-push-jobs-server-running.json") do
    its('mode') { should cmp '0600' }
  end

  describe file("#{state}/opscode-pushy-server") do
    it { should be_owned_by 'opscode-push-jobs' }
    its('mode') { should cmp '0700' }
  end

  [10_000, 10_002, 10_003, 10_004].each do |port|
    describe port(port) do
      it { should be_listening }
    end
  end

  describe http('http://127.0.0.1:10003/pushy/_status') do
    its('status') { should cmp 200 }
  end

  describe http('http://127.0.0.1:10004/health/ready') do
    its('status') { should cmp 200 }
  end

  describe command('systemd-analyze verify --man=no /etc/systemd/system/opscode-pushy-server.service') do
    its('exit_status') { should eq 0 }
  end

  describe command('find /opt/opscode-push-jobs-server ! -user 0 -o -perm /022 ! -type l') do
    its('stdout') { should eq '' }
  end
end

control 'a-job' do
  impact 1.0
  title 'A job runs on the node of this machine, and nothing does that its whitelist does not name'
  only_if('there is no server with an agent') { input('server') && input('agent_runs') }

  pushjobs = "PUSHJOBS_SERVER_URL=http://127.0.0.1:10003/organizations/acme PUSHJOBS_USER=alice " \
             "PUSHJOBS_KEY=#{keys}/alice.pem pushjobs"

  describe command("for i in $(seq 60); do #{pushjobs} node status | grep -w available && exit 0; sleep 1; done; exit 1") do
    its('exit_status') { should eq 0 }
  end

  describe command("#{pushjobs} job start touch web-1") do
    its('exit_status') { should eq 0 }
    its('stdout') { should match(/succeeded: *web-1/) }
  end

  describe command("#{pushjobs} job start reboot web-1") do
    its('exit_status') { should_not eq 0 }
  end
end
