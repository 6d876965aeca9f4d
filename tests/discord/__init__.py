"""What Discord says of its own API, and whether a request keeps to it."""
