"""Keeping a site well: what the doctor looks at."""
