"""Draw a Vega-Lite chart as SVG, for documents and mail.

The browser draws the same specification itself; here no browser is needed.
"""

from __future__ import annotations

import json
import re
from typing import Any

#: The Vega-Lite release the specifications are written for; the browser loads the same one.
VEGA_LITE_VERSION = "6.4"

_STYLE_COLOUR = re.compile(r"var\(--[a-z-]+\)")


class UnresolvedColourError(ValueError):
    """A specification made for a page was given where a document is drawn."""


def svg(spec: dict[str, Any], *, width: int | None = None) -> str:
    """Draw a chart.

    Parameters
    ----------
    spec
        A Vega-Lite specification in the colours of documents, see `mutualist.library.charts.PAPER`.
    width
        Width of the drawing area in pixels; without it the one of the specification.

    Returns
    -------
    str
        The drawing as one ``<svg>`` element. It loads nothing from elsewhere.

    Raises
    ------
    UnresolvedColourError
        When the specification names colours of a page's style sheet, which a document does not have.
    """
    import vl_convert  # starting its engine takes half a second, so only who draws pays for it

    found = _STYLE_COLOUR.search(json.dumps(spec))
    if found:
        raise UnresolvedColourError(found.group())
    if width is not None:
        spec = {**spec, "width": width}
    drawing: str = vl_convert.vegalite_to_svg(
        spec, vl_version=VEGA_LITE_VERSION, allowed_base_urls=[]
    )
    return drawing
