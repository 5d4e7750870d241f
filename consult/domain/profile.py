"""What people may tell of themselves for statistics: where they live, how old they are, their gender.

Nothing of it is needed, and no finer answer is offered: no town, no birth date.
"""

from dataclasses import dataclass
from enum import StrEnum


class Region(StrEnum):
    """Regions and cities of republican significance by ISO 3166-2:KZ, as of November 2022."""

    ABAI = "KZ-10"
    AKMOLA = "KZ-11"
    AKTOBE = "KZ-15"
    ALMATY_REGION = "KZ-19"
    ATYRAU = "KZ-23"
    WEST_KAZAKHSTAN = "KZ-27"
    ZHAMBYL = "KZ-31"
    ZHETISU = "KZ-33"
    KARAGANDA = "KZ-35"
    KOSTANAY = "KZ-39"
    KYZYLORDA = "KZ-43"
    MANGYSTAU = "KZ-47"
    PAVLODAR = "KZ-55"
    NORTH_KAZAKHSTAN = "KZ-59"
    TURKISTAN = "KZ-61"
    ULYTAU = "KZ-62"
    EAST_KAZAKHSTAN = "KZ-63"
    ASTANA = "KZ-71"
    ALMATY = "KZ-75"
    SHYMKENT = "KZ-79"


class AgeBand(StrEnum):
    """Years of age, both ends included; UNDISCLOSED says that the person was asked and would not tell."""

    FROM_14 = "14-17"
    FROM_18 = "18-29"
    FROM_30 = "30-44"
    FROM_45 = "45-59"
    FROM_60 = "60+"
    UNDISCLOSED = "undisclosed"


class Gender(StrEnum):
    FEMALE = "f"
    MALE = "m"
    UNDISCLOSED = "undisclosed"


@dataclass(frozen=True)
class Profile:
    """A person's answers; None was not answered."""

    region: Region | None = None
    age_band: AgeBand | None = None
    gender: Gender | None = None

    @property
    def is_empty(self) -> bool:
        return self.region is None and self.age_band is None and self.gender is None
