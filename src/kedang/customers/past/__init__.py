"""The dossier as it stood: undoing sealed versions from the present, values over time, and putting one back."""
