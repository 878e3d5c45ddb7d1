"""One file for each verb; `kedang.cli.main` loads the one that was asked for."""
