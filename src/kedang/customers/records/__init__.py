"""Records of a dossier: contracts, transactions, interactions, complaints, credit, needs and the rest (业务、互动…)."""
