"""A small Discord over real sockets, in a process of its own: for what a simulation within the bot's process cannot show."""
