"""Units, staff, roles, clearance, tokens and sign-in: who may come in, and with which rights."""
