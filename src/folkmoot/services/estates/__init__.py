"""Estates: which sites of a trust to close or open, in which year, at what cost, and how near that is to the best.

For estates directors who defend a programme of closures in public, for analysts and approvers of the trust, and for the
public, who read what is approved. Speaks web pages; takes in ERIC CSV, plan.toml and travel times as CSV; gives CSV with
the source of each pound, and GeoJSON (RFC 7946). May touch engines.estate, foundation, store. Proof: tests here, journeys
in tests/journeys/test_estates.py.
"""
