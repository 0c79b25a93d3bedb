"""Places: which sites to open, keep or close, who gains and who loses, and how close to the best possible that is.

For planners, analysts and approvers of a council, and for the public, who read what is approved. Speaks web pages and
JSON; takes in CSV, GeoJSON, GeoPackage and npz; gives GeoJSON (RFC 7946), GeoPackage, CSV and a certificate that
`folkmoot siting verify` checks. May touch engines.siting, foundation, store. Proof: tests here, journeys in
tests/journeys/test_places.py.
"""
