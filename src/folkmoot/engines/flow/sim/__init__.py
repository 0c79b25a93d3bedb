"""The simulator: one event loop over arrays, for every policy, with calendars, joins, beds and a warm start."""
