"""Plain Python at the bottom of the house: clock, ids, errors, actor, bytes, and the types of a deed."""
