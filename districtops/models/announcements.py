"""What the office told the public in figures, and the figures as they stood when somebody froze them."""

from districtops.kit.text import LabelledEnum, _l


class FigureUnit(LabelledEnum):
    """What a figure counts in."""

    COUNT = "count", _l("Number")
    WON = "won", _l("Won")
    PERCENT = "percent", _l("Percent")
