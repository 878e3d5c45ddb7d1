"""From what the rooms present to what the templates are given."""
