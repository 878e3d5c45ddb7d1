"""Approvals: who signs a waiting call, in which order, and what then happens (审批)."""
