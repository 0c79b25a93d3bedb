"""Stays: where a device stayed, between which instants, and when nothing is known of it.

`cell` finds runs of events in one cell, `radius` stays on coordinates; `days` joins what one day left open to the next.
`from_events` checks events first and takes the quick way (`faultless`) where there is one.
"""
