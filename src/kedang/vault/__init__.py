"""Keys (one per data subject), ciphers, blind indexes, column types and counters."""
