"""The demo: the real bot on SQLite, in a simulated Discord shown in a browser page. Nothing leaves this computer."""
