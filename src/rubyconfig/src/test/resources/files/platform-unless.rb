unless ChefConfig.windows?; client_key '/k'; end
file_dir '/m' if Chef::Platform.windows?
