whitelist {
  'restart-web' => 'echo r',
  'chef-client' => 'chef-client'
}
