"""What the regulation counts, scores, fines and rewards, from stored facts: rows, entries, duties, dossiers (考核)."""
