"""A hospital's log in, whatever its shape: delimited text, XES (IEEE 1849) or OCEL 2.0, to one table of events.

Identifiers stay text, only an empty cell is missing, and every row that cannot be an event is set aside with its
reason.

>>> read = read_log("hospital.csv")                                                      # doctest: +SKIP
>>> len(read.log), read.rejected.counts(), read.statements
"""

from folkmoot.engines.flow.logs.log import EventLog, LogError, LogRead, Rejected
from folkmoot.engines.flow.logs.mapping import Mapping, infer_mapping
from folkmoot.engines.flow.logs.ocel import write_ocel
from folkmoot.engines.flow.logs.read import read_log
from folkmoot.engines.flow.logs.xes import write_xes

__all__ = [
    "EventLog",
    "LogError",
    "LogRead",
    "Mapping",
    "Rejected",
    "infer_mapping",
    "read_log",
    "write_ocel",
    "write_xes",
]
