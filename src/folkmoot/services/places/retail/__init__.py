"""Shopping centres (the retail half of places): who would come to a new one, and what the others would lose.

A market holds areas, centres and travel; its law is calibrated on flows, or assumed and then called uncalibrated
everywhere. Centres that do not exist yet are drawn into it, forecast, compared, proposed and decided.
"""
