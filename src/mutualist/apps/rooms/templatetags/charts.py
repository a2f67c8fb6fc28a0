"""A chart on a page: the frame that is drawn into, its specification, and the table that says the same."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mutualist.library.charts import Chart, Table

register = template.Library()

#: What axis and legend need besides the rows: the space is kept free, so that nothing moves when a chart is drawn.
AROUND = {"kinds": 8, "why": 8, "ladder": 61}
LEGEND = 41


@register.simple_tag
def chart(shown: Chart, title: str = "") -> SafeString:
    """Return the figure; without `title` it has no heading of its own, only the sentence below it."""
    return format_html(
        '<figure class="figure"><figcaption>{}<small>{}</small></figcaption>'
        '<div class="chart" data-chart><div data-place>'
        '<svg width="1" height="{}" aria-hidden="true" focusable="false"></svg></div>{}</div>{}</figure>',
        title,
        shown.description,
        int(shown.spec["height"]) + AROUND.get(shown.name, LEGEND),
        json_script(shown.spec),
        twin(shown.table, title or shown.title),
    )


def twin(table: Table, title: str) -> SafeString:
    """Return the table under a chart, folded."""
    heads = format_html_join("", '<th scope="col">{}</th>', ((head,) for head in table.columns))
    rows = "".join(
        f'<tr><th scope="row">{conditional_escape(first)}</th>'
        + "".join(f"<td>{conditional_escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in table.rows
    )
    return format_html(
        '<details class="twin"><summary>{}</summary><div class="table-scroll" tabindex="0" role="group" '
        'aria-label="{}"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>',
        _("As a table"),
        title,
        heads,
        mark_safe(rows),  # noqa: S308 - each cell is escaped above
    )
