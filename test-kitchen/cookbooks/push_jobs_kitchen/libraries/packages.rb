# frozen_string_literal: true

module PushJobsKitchen
  # Finds the files of the packages.
  module Packages
    # The newest file of the package for this platform.
    def newest_package(name)
      directory = node['push_jobs']['packages_directory']
      pattern = platform_family?('debian') ? "#{name}_*_amd64.deb" : "#{name}-[0-9]*.x86_64.rpm"
      Dir.glob(File.join(directory, pattern)).max_by { |file| File.mtime(file) } ||
        raise("there is no #{pattern} in #{directory}: run omnibus/build")
    end
  end
end

Chef::DSL::Recipe.include PushJobsKitchen::Packages
