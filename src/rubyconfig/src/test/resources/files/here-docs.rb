whitelist({
  'deploy' => <<~SH.strip,
    cd /srv/app && ./deploy
  SH
  'long' => %q{sh -c 'echo "a b"'},
  /\Adeploy (?<v>[\d.]+)\z/ => %Q(deploy "\\k<v>")
})
