"""Composition only: typed settings, urls, wsgi, live."""
