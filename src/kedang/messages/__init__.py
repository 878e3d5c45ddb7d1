"""Notices to staff: in the app always, by mail and Apprise where a person wants them; read receipts.

A notice names codes, numbers and titles, never a personal value of a customer. `post` only writes rows, so it may
stand inside a deed; sending is the worker's (`delivery.deliver`).
"""

from __future__ import annotations
