"""The gate: every write asks here, is judged by the pack in force, runs once, and leaves evidence.

Doors call `governance.gate.perform`; `governance.registry.OPERATIONS` names what there is to do.
"""
