"""Files of planners made into a study's tables. Whatever cannot be meant is refused with its row and what to do."""

from folkmoot.services.places.uploads.areas import areas
from folkmoot.services.places.uploads.layers import Aside, Given, Layer, layer
from folkmoot.services.places.uploads.sites import sites
from folkmoot.services.places.uploads.travel import Way, from_file, over_streets, straight

__all__ = ["Aside", "Given", "Layer", "Way", "areas", "from_file", "layer", "over_streets", "sites", "straight"]
