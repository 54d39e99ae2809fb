"""The fictional territory of the Val d'Orme: its people, its professionals, their documents.

Everything follows from a seed. Nobody in it exists, and no number in it was ever issued.
`create` fills a house with it; `CAST` lists the scripted people; `plot` tells the scenes.
"""

from dmp.remote.simulated.territory.cast import CAST, CastMember
from dmp.remote.simulated.territory.population import PEOPLE, SEED, population
from dmp.remote.simulated.territory.scenes.play import Created, SceneFailed, create, plot

__all__ = ["CAST", "PEOPLE", "SEED", "CastMember", "Created", "SceneFailed", "create", "plot",
           "population"]  # fmt: skip
