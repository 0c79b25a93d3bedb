"""Highways: evidence of movement that is safe to publish, and what it says about roads.

For analysts of a roads authority who hold device-level mobile-network events, for the second person who decides whether a
table may leave, for planners of schemes, and for the public, who read what is published without logging in. Speaks web
pages and an HTTP API; takes in events (Parquet, CSV), cells, zones (GeoJSON), population and opt-out lists; gives od.csv,
suppressed.csv, manifest.json, GeoJSON (RFC 7946) and OMX. May touch engines.mobility, engines.traffic, foundation, store.
Events never enter the database; the only way to a number is a release read from its folder. `roads` is its other half:
networks, assignment, schemes. Proof: tests here, journeys in tests/journeys/test_highways.py.
"""
