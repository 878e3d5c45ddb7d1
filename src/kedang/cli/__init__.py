"""The commands of the terminal: they parse, perform or look, and print; no logic lives here."""
