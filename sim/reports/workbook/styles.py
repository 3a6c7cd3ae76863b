"""Styles: how cells look. What may be changed is yellow, what was simulated is grey, a guess is orange."""

from typing import Any

from sim.scenario.units import minor_units
from sim.scenario.wording import money

Style = dict[str, Any]
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#7F7F7F"
"""Of Okabe and Ito's palette, which colour-blind people tell apart; no chart relies on colour alone."""


def styles(currency: str) -> dict[str, Style]:
    """Every style by its name; several together make one look."""
    return {**_LOOKS, **_numbers(currency)}


_LOOKS: dict[str, Style] = {
    "text": {"quote_prefix": True},
    "title": {"bold": True, "font_size": 16},
    "section": {"bold": True, "font_size": 12, "font_color": BLUE},
    "heading": {"bold": True, "bg_color": "#E7EDF3", "bottom": 1, "text_wrap": True, "valign": "top"},
    "note": {"italic": True, "font_color": "#595959"},
    "bold": {"bold": True},
    "wrap": {"text_wrap": True, "valign": "top"},
    "top": {"valign": "top"},
    "indent": {"indent": 1},
    "right": {"align": "right"},
    "centre": {"align": "center"},
    "total": {"bold": True, "top": 1},
    "input": {"bg_color": "#FFF2CC", "border": 1, "border_color": "#BF9000", "locked": False},
    "simulated": {"font_color": "#595959", "bg_color": "#F2F2F2"},
    "guess": {"bold": True, "bg_color": "#F4B183", "align": "center", "valign": "top"},
    "beyond": {"num_format": ";;;"},
    "large": {"bold": True, "font_size": 13, "text_wrap": True, "valign": "top"},
}


def _numbers(currency: str) -> dict[str, Style]:
    """Forms of numbers: whole and exact money, shares, years and plain ones."""
    sign = money(0, currency).removesuffix("0")
    digits = len(str(minor_units(currency))) - 1
    whole, exact = f'"{sign}"#,##0', f'"{sign}"#,##0{"." + "0" * digits if digits else ""}'
    return {
        "money": {"num_format": f"{whole};-{whole}"},
        "exact": {"num_format": f"{exact};-{exact}"},
        "percent": {"num_format": "0.0%"},
        "fine": {"num_format": "0.0##%"},
        "ratio": {"num_format": "0.00"},
        "years": {"num_format": "0.00"},
        "factor": {"num_format": "0.0000"},
        "count": {"num_format": "#,##0"},
        "science": {"num_format": "0.0E+00"},
        "plain": {"num_format": "General"},
    }
