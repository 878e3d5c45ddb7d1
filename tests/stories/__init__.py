"""A month of company life under each regulation, told through the gate."""
