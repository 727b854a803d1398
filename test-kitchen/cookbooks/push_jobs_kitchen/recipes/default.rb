# frozen_string_literal: true

include_recipe 'push_jobs_kitchen::server'
include_recipe 'push_jobs_kitchen::client'
