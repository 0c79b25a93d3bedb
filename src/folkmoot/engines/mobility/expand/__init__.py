"""From devices to residents: weights that make the devices of a network add up to the people who live there."""

from folkmoot.engines.mobility.expand.raking import Margin, Raked, rake
from folkmoot.engines.mobility.expand.residents import Weights, about, weigh

__all__ = ["Margin", "Raked", "Weights", "about", "rake", "weigh"]
