"""One test for each control of the shipped regulations: it bites, and without its parts it does not."""
