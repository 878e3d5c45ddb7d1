"""The dossier: everything held on a customer, found, shown, changed and traced."""
