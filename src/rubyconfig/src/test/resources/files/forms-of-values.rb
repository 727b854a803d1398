node_name :web
verify_api_cert "false"
max_body_size "63000"
ssl_verify_mode 0
file_dir_expiry 1.5
list %w(a b)
nothing nil
