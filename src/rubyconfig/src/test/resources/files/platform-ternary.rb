file_dir(ChefUtils.windows? ? 'C:/chef' : '/tmp/x')
