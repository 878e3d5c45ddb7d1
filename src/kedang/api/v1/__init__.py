"""One file for each resource of version 1."""
