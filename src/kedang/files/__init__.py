"""Stored files: sealed on disk, told apart by content, verified by digest."""
