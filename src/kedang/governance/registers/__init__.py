"""Forms, registers and deeds of the company's own: what a pack says, run without code."""
