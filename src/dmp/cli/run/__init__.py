"""Commands that run a server: the demo, and the real one."""
