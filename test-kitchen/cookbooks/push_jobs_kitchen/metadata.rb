# frozen_string_literal: true

name             'push_jobs_kitchen'
maintainer       'Push Jobs maintainers'
license          'Apache-2.0'
description      'Installs and configures the server and the agent of Push Jobs, to try their packages'
version          '1.0.0'
chef_version     '>= 16.0'
supports         'debian', '>= 12.0'
supports         'rocky', '>= 8.0'
supports         'ubuntu', '>= 20.04'
