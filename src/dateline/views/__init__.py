"""Ways to look at a record: the command line and its text rendering."""
