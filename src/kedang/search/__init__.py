"""Search: one tokeniser, one adaptive query builder, and an index on each database. It knows no dossier."""

from kedang.search.columns import array_column, compose_column, tokens_column, words_column
from kedang.search.cursors import Order
from kedang.search.finding import find
from kedang.search.index import put, put_words, rebuild, remove, replace, settle
from kedang.search.query import Query, parse
from kedang.search.schema import operations
from kedang.search.target import Found, Target
from kedang.search.tokens import compose, tokens_of

__all__ = [
    "Found", "Order", "Query", "Target", "array_column", "compose", "compose_column", "find", "operations", "parse",
    "put", "put_words", "rebuild", "remove", "replace", "settle", "tokens_column", "tokens_of", "words_column",
]  # fmt: skip
