"""Kedang 客档: the customer records system that makes a company's regulation run."""

__version__ = "0.1.0"
