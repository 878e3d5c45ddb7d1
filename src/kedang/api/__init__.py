"""The REST door, version 1: it parses, performs or looks, and answers; no logic lives here."""
