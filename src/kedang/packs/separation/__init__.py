"""Separation of duties, searched: can one person alone reach what should take two? Pure.

Every path of up to six deeds is tried for every person of the company: making accounts and using them, granting
roles and clearances to them, seating them in posts, taking over a colleague's account, and signing with one account
what another asked for. Accounts of one person count as different people, because to the product they are. A deputy
signs in nobody's place who could not sign, so delegations add nothing and are left out.
"""

from __future__ import annotations

from kedang.packs.separation.search import STEPS, Hole, holes, people_of

__all__ = ["STEPS", "Hole", "holes", "people_of"]
