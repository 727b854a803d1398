allowed_overwritable_env_vars "LANG","PATH"
