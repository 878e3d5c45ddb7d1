"""Settings, urls, wsgi: the street in front of the house."""
