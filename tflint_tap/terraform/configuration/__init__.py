"""A root module and the modules that it calls, as one."""
