# shellcheck shell=bash disable=SC2034,SC2154
# To be sourced by scenario.sh: the packages on a machine of a Chef server. What is the Chef server's here has the shape that
# it has on a real one: its tree of runit, its nginx with add-ons, its PostgreSQL, its two files in /etc/opscode.

service=opscode-pushy-server
service_directory=/opt/opscode/service/$service
certificate=/var/opt/opscode/nginx/ca/$machine.crt
status_url=https://$machine/pushy/_status
curl_options=(--cacert "$certificate")
settled_files=(/etc/opscode /etc/opscode-push-jobs-server /var/opt/opscode-push-jobs-server /var/opt/opscode/nginx/etc)
keys=/var/opt/opscode/kitchen-keys
# What chef-server-ctl does with a service: the link of its name in init, in its directory of services.
chef_server_ctl=(env SVDIR=/opt/opscode/service SVWAIT=30 "/opt/opscode/init/$service")
unsigned_port=8000
signed_port=8443
database_superuser=opscode-pgsql

# of_runit NAME LINE...: a service of the Chef server's tree, run by these lines.
of_runit() {
  local name=$1 definition=/opt/opscode/sv/$1
  shift
  mkdir -p "$definition"
  printf '%s\n' '#!/bin/sh' 'exec 2>&1' "$@" >"$definition/run"
  chmod 755 "$definition/run"
  ln -s "$definition" "/opt/opscode/service/$name"
  ln -s /opt/opscode/embedded/bin/sv "/opt/opscode/init/$name"
}

tree() {
  local tool
  mkdir -p /opt/opscode/{sv,service,init,bin,embedded/{bin,sbin}} /etc/opscode /var/log/opscode/nginx \
    /var/opt/opscode/{nginx/{etc/addon.d,ca},postgresql} "$keys"
  chmod 700 "$keys"
  for tool in sv runsv runsvdir svlogd chpst; do
    ln -s "$(command -v "$tool")" /opt/opscode/embedded/bin/
  done
  ln -s /usr/sbin/nginx /opt/opscode/embedded/sbin/nginx
  echo 'Add-ons put their files here.' >/var/opt/opscode/nginx/etc/addon.d/README.md
}

# chef_api: what erchef answers, by the tests' implementation; it makes the keys, the superuser's among them.
chef_api() {
  local directory=/packages/chef-api
  "$directory/jre/bin/java" -XX:TieredStopAtLevel=1 -Xmx96m --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -cp "$directory/classes:$directory/lib/*" \
    org.pushjobs.server.testing.ChefServerProcess "$unsigned_port" "$signed_port" "$keys" \
    >/var/log/opscode/chef-api.log 2>&1 &
  started $!
  wait_for 'the API of the Chef server answers' test -e "$keys/ready"
}

postgresql_service() {
  local bin home=/var/opt/opscode/postgresql data=/var/opt/opscode/postgresql/data
  bin=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | tail -n 1)")
  chown "$database_superuser": "$home"
  PGPASSWORD=$(openssl rand -hex 16)
  export PGPASSWORD
  install -m 600 -o "$database_superuser" /dev/null "$home/password"
  printf '%s\n' "$PGPASSWORD" >"$home/password"
  chpst -u "$database_superuser" "$bin/initdb" -D "$data" -U "$database_superuser" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C --pwfile="$home/password" >/var/log/opscode/initdb.log
  rm "$home/password"
  printf '%s\n' "listen_addresses = '127.0.0.1'" "unix_socket_directories = ''" >>"$data/postgresql.conf"
  of_runit postgresql "exec chpst -P -u $database_superuser $bin/postgres -D $data"
  # TERM would have it wait for its clients.
  mkdir /opt/opscode/sv/postgresql/control
  cat >/opt/opscode/sv/postgresql/control/t <<'SH'
#!/bin/sh
kill -INT "$(cat supervise/pid)"
SH
  chmod 755 /opt/opscode/sv/postgresql/control/t
  wait_for 'PostgreSQL answers' sql 'select 1'
}

sql() {
  psql -h 127.0.0.1 -U "$database_superuser" -d postgres -Atc "$1"
}

nginx_service() {
  local home=/var/opt/opscode/nginx
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$machine" -addext "subjectAltName=DNS:$machine" \
    -keyout "${certificate%.crt}.key" -out "$certificate" 2>/dev/null
  cat >"$home/etc/nginx.conf" <<NGINX
user opscode opscode;
worker_processes 1;
pid $home/nginx.pid;
error_log /var/log/opscode/nginx/error.log;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path $home/body;
  proxy_temp_path $home/proxy;
  fastcgi_temp_path $home/fastcgi;
  uwsgi_temp_path $home/uwsgi;
  scgi_temp_path $home/scgi;
  client_max_body_size 250m;
  include $home/etc/addon.d/*_upstreams.conf;
  server {
    listen 443 ssl;
    server_name $machine;
    ssl_certificate $certificate;
    ssl_certificate_key ${certificate%.crt}.key;
    proxy_set_header Host \$http_host;
    proxy_set_header X-Real-IP \$remote_addr;
    proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto https;
    proxy_send_timeout 300;
    proxy_read_timeout 300;
    include $home/etc/addon.d/*_external.conf;
    location / { proxy_pass http://127.0.0.1:$signed_port; }
  }
}
NGINX
  of_runit nginx "exec /opt/opscode/embedded/sbin/nginx -c $home/etc/nginx.conf -g 'daemon off;'"
  wait_for 'nginx answers' curl -sS -o /dev/null "${curl_options[@]}" "https://$machine/"
}

running_file() {
  cat >/etc/opscode/chef-server-running.json <<JSON
{
  "private_chef": {
    "role": "standalone",
    "topology": "standalone",
    "install_path": "/opt/opscode",
    "user": {"username": "opscode"},
    "default_orgname": null,
    "lb": {"api_fqdn": "$machine", "vip": "127.0.0.1"},
    "nginx": {
      "dir": "/var/opt/opscode/nginx",
      "url": "https://$machine",
      "ssl_protocols": "TLSv1.2 TLSv1.3",
      "ssl_certificate": "$certificate"
    },
    "postgresql": {
      "vip": "127.0.0.1",
      "port": 5432,
      "db_superuser": "$database_superuser",
      "username": "$database_superuser",
      "external": false,
      "data_dir": "/var/opt/opscode/postgresql/data"
    },
    "opscode-erchef": {"strict_search_result_acls": false},
    "oc-chef-pedant": {"debug_org_creation": false}
  },
  "run_list": ["recipe[private-chef::default]"],
  "runit": {
    "sv_bin": "/opt/opscode/embedded/bin/sv",
    "svlogd_bin": "/opt/opscode/embedded/bin/svlogd",
    "chpst_bin": "/opt/opscode/embedded/bin/chpst",
    "service_dir": "/opt/opscode/service",
    "sv_dir": "/opt/opscode/sv",
    "lsb_init_dir": "/opt/opscode/init"
  }
}
JSON
  chown opscode:root /etc/opscode/chef-server-running.json
  chmod 600 /etc/opscode/chef-server-running.json
}

# secrets_file: in version 2 of the Chef server's form, encrypted with the key that is in it.
secrets_file() {
  local key iv superuser_key encrypted
  key=$(openssl rand -hex 32)
  iv=$(openssl rand -hex 16)
  superuser_key=$(awk '{ printf "%s\\n", $0 }' "$keys/pivotal.pem")
  encrypted=$(printf '{"%s": {"%s": {"value": "%s"}}, "%s": {"%s": {"value": "%s"}}, "%s": {"%s": {"value": "%s"}}}' \
    postgresql db_superuser_password "$PGPASSWORD" chef-server superuser_key "$superuser_key" \
    redis_lb password "$(openssl rand -hex 16)" | openssl enc -aes-256-cbc -K "$key" -iv "$iv" | base64 -w 0)
  cat >/etc/opscode/private-chef-secrets.json <<JSON
{"veil": {"type": "Veil::CredentialCollection::ChefSecretsFile", "version": 2,
  "hasher": {"type": "Veil::Hasher::PBKDF2", "secret": "$(openssl rand -hex 64)", "salt": "$(openssl rand -hex 16)",
    "iterations": 10000, "hash_function": "OpenSSL::Digest::SHA512"},
  "cipher": {"type": "Veil::Cipher::V2", "key": "$(base64_of "$key")", "iv": "$(base64_of "$iv")"},
  "credentials": "$encrypted"}}
JSON
  chown opscode: /etc/opscode/private-chef-secrets.json
  chmod 600 /etc/opscode/private-chef-secrets.json
}

# base64_of HEX
base64_of() {
  local byte
  for ((byte = 0; byte < ${#1}; byte += 2)); do
    printf '%b' "\\x${1:byte:2}"
  done | base64 -w 0
}

chef_server() {
  user opscode /opt/opscode/embedded
  user "$database_superuser" /var/opt/opscode/postgresql
  tree
  supervise /opt/opscode/service
  chef_api
  postgresql_service
  nginx_service
  running_file
  secrets_file
}

sql_databases() {
  sql 'select datname from pg_database order by 1'
}

run_scenario() {
  local nginx
  step 'a Chef server'
  chef_server
  step 'install'
  remember
  install_packages /packages/previous
  step 'reconfigure twice'
  reconfigure_twice
  wait_for 'the server answers' is_ready
  server_status
  present /opt/opscode/sv/$service /opt/opscode/init/$service $service_directory
  says 'its database is in PostgreSQL' opscode_pushy sql_databases
  step 'a node'
  export PUSHJOBS_SERVER_URL=https://$machine/organizations/acme PUSHJOBS_USER=alice PUSHJOBS_KEY=$keys/alice.pem
  export SSL_CERT_FILE=$certificate
  start_node "$PUSHJOBS_SERVER_URL" "$keys/web-1.pem" "$certificate"
  step 'test'
  test_suite
  step 'restart the way chef-server-ctl does'
  restart_by "${chef_server_ctl[@]}" restart
  says 'status the way chef-server-ctl does' 'run: ' "${chef_server_ctl[@]}" status
  step 'new keys'
  rotate_keys
  step 'upgrade with a job'
  upgrade_with_a_job
  step 'test after the upgrade'
  test_suite --all
  step 'remove'
  nginx=$(cat /var/opt/opscode/nginx/nginx.pid)
  stop_node
  remove_server /opt/opscode/sv/$service /opt/opscode/init/$service $service_directory \
    /var/opt/opscode/nginx/etc/addon.d/10-push_jobs_upstreams.conf \
    /var/opt/opscode/nginx/etc/addon.d/10-push_jobs_external.conf
  same "nginx's process" "$nginx" "$(cat /var/opt/opscode/nginx/nginx.pid)"
  wait_for 'the Chef server answers in its place' chef_server_answers
  step 'purge'
  purge_server
  says 'the database is left to the Chef server' opscode_pushy sql_databases
  step 'the end'
  stop_everything
  rm -rf /etc/service /opt/opscode /etc/opscode /var/opt/opscode /var/log/opscode
  nothing_left 'all of it'
}

chef_server_answers() {
  [ "$(curl -sS -o /dev/null -w '%{http_code}' --max-time 5 "${curl_options[@]}" "$status_url")" = 401 ]
}
