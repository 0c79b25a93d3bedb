"""Wards: in which order each team takes its patients this morning, and what would shorten everybody's stay.

For flow managers, clinicians, ward clerks and analysts of one hospital. Speaks web pages; logs come in as CSV, XES or
OCEL. May touch engines.flow, foundation, store. Proof: tests here, journeys in tests/journeys.
"""
