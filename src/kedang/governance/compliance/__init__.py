"""How far the regulation is kept: evidence for each control, the status of each article, and the report of it.

`evidence` writes the index the gate fills, `status` joins it with limits, registers and the nature of the product,
`invariants` looks at that nature, `report` prints it. Nothing is imported here, because models may not be yet.
"""
