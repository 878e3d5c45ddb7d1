"""The contact persons of a dossier beyond what its form says of the main one (联系人)."""
