"""The way to the newest schema from every released one."""
