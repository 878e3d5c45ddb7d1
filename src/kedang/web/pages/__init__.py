"""What the templates are given: small frozen values, already masked, named and translated.

A template never meets a model. `views` build these from what `present()` returns.
"""
