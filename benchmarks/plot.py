"""Plots as SVG: dots, a row a corpus and a dot a tool; lines of reliability and of growth; a table of confusions."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["confusion_plot", "dot_plot", "growth_plot", "reliability_plot"]

# Colours that people with colour blindness tell apart (Okabe and Ito 2008), grey for the rest.
_COLOURS: Final = (
    "#d55e00",
    "#0072b2",
    "#56b4e9",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#999999",
    "#555555",
    "#bbbbbb",
    "#f0e442",
    "#000000",
)
_WIDTH, _LEFT, _ROW, _TOP = 720, 150, 34, 60
_LOWEST, _HIGHEST = 0.4, 1.0
_SQUARE, _MARGIN = 400, 60
_CELL, _NAMES = 44, 110
# Shares under one in a hundred are not written out; on cells that are darker than half the writing is white.
_SAID, _DARK = 0.01, 0.5
_BYTES: Final = ((1e6, "MB"), (1e3, "KB"), (1, "B"))
_SECONDS: Final = ((1, "s"), (1e-3, "ms"), (1e-6, "µs"))


def dot_plot(rows: Sequence[str], series: Mapping[str, Sequence[float]]) -> str:
    """The plot.

    Args:
        rows: a name for each row.
        series: for each tool its value in each row, 0 to 1; values under 0.4 stand at the edge. The first is drawn largest.
    """

    def across(value: float) -> float:
        share = (max(value, _LOWEST) - _LOWEST) / (_HIGHEST - _LOWEST)
        return _LEFT + share * (_WIDTH - _LEFT - 20)

    height = _TOP + _ROW * len(rows) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
    ]
    for place, name in enumerate(series):
        left, y = 10 + place % 5 * 142, 18 + place // 5 * 18
        parts.append(f'<circle cx="{left}" cy="{y - 4}" r="5" fill="{_COLOURS[place % len(_COLOURS)]}"/>')
        parts.append(f'<text x="{left + 9}" y="{y}">{escape(name)}</text>')
    bottom = _TOP + _ROW * len(rows)
    for tick in range(4, 11):
        x = across(tick / 10)
        parts.append(f'<line x1="{x:.1f}" y1="{_TOP - 8}" x2="{x:.1f}" y2="{bottom}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{tick / 10:.1f}</text>')
    for row, name in enumerate(rows):
        y = _TOP + _ROW * row + 14
        parts.append(f'<text x="10" y="{y + 4}">{escape(name)}</text>')
        for place, values in reversed(list(enumerate(series.values()))):
            colour = _COLOURS[place % len(_COLOURS)]
            radius = 7 if place == 0 else 5
            parts.append(
                f'<circle cx="{across(values[row]):.1f}" cy="{y}" r="{radius}" fill="{colour}" fill-opacity="0.85"/>'
            )
    return "\n".join([*parts, "</svg>", ""])


def reliability_plot(series: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """The share of blocks that are content against their mean content score; what is calibrated lies on the diagonal.

    Args:
        series: for each corpus its bins, as (mean score, share that is content), 0 to 1.
    """

    def at(score: float, share: float) -> str:
        return f"{_MARGIN + score * _SQUARE:.1f},{_MARGIN + (1 - share) * _SQUARE:.1f}"

    width, height = _MARGIN + _SQUARE + 220, _MARGIN * 2 + _SQUARE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for tick in range(0, 11, 2):
        share = tick / 10
        parts.append(f'<polyline points="{at(share, 0)} {at(share, 1)}" stroke="#dddddd"/>')
        parts.append(f'<polyline points="{at(0, share)} {at(1, share)}" stroke="#dddddd"/>')
        x, y = _MARGIN + share * _SQUARE, _MARGIN + (1 - share) * _SQUARE
        parts.append(f'<text x="{x:.1f}" y="{_MARGIN + _SQUARE + 18}" text-anchor="middle">{share:.1f}</text>')
        parts.append(f'<text x="{_MARGIN - 8}" y="{y + 4:.1f}" text-anchor="end">{share:.1f}</text>')
    parts += [
        f'<polyline points="{at(0, 0)} {at(1, 1)}" stroke="#555555" stroke-dasharray="4 4"/>',
        f'<text x="{_MARGIN + _SQUARE / 2}" y="{height - 18}" text-anchor="middle">content score</text>',
        f'<text x="{_MARGIN}" y="{_MARGIN - 18}">share of blocks that are content</text>',
    ]
    for place, (name, bins) in enumerate(series.items()):
        colour, y = _COLOURS[place % len(_COLOURS)], _MARGIN + 12 + place * 20
        points = " ".join(at(*pair) for pair in bins)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<circle cx="{_MARGIN + _SQUARE + 20}" cy="{y - 4}" r="5" fill="{colour}"/>')
        parts.append(f'<text x="{_MARGIN + _SQUARE + 30}" y="{y}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def confusion_plot(names: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """What the blocks of each kind were taken for: a row a kind, shares of the row in per cent, darker where higher.

    Args:
        names: the kinds.
        counts: how many blocks of each kind (rows) were taken for each (columns).
    """
    size = _CELL * len(names)
    width, height = _NAMES + size + 70, _NAMES + size + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{_NAMES + size / 2}" y="{height - 10}" text-anchor="middle">rows: what it is; columns: what it was taken for</text>',
        f'<text x="{_NAMES + size + 8}" y="{_NAMES - 8}">blocks</text>',
    ]
    for place, name in enumerate(names):
        middle = _NAMES + _CELL * place + _CELL / 2
        parts.append(f'<text x="{_NAMES - 8}" y="{middle + 4:.0f}" text-anchor="end">{escape(name)}</text>')
        turned = f'transform="rotate(-60 {middle:.0f} {_NAMES - 8})"'
        parts.append(f'<text x="{middle:.0f}" y="{_NAMES - 8}" {turned}>{escape(name)}</text>')
    for row, line in enumerate(counts):
        total, y = sum(line), _NAMES + _CELL * row
        parts.append(f'<text x="{_NAMES + size + 8}" y="{y + _CELL / 2 + 4:.0f}">{total}</text>')
        for column, count in enumerate(line):
            share, x = count / max(total, 1), _NAMES + _CELL * column
            parts.append(
                f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" fill="#0072b2" fill-opacity="{share:.2f}" stroke="#dddddd"/>'
            )
            if share >= _SAID:
                ink = "white" if share > _DARK else "black"
                parts.append(
                    f'<text x="{x + _CELL / 2:.0f}" y="{y + _CELL / 2 + 4:.0f}" text-anchor="middle" fill="{ink}">{100 * share:.0f}</text>'
                )
    return "\n".join([*parts, "</svg>", ""])


def growth_plot(
    shapes: Mapping[str, Sequence[tuple[int, float]]], others: Mapping[str, Sequence[tuple[int, float]]]
) -> str:
    """Time against the size of a page, both on logarithmic axes; what is linear runs along the grey lines.

    Args:
        shapes: for each shape of a page its points, as (bytes, seconds), of one tool.
        others: the same of other tools, drawn dashed.
    """
    points = [point for series in (shapes, others) for line in series.values() for point in line]
    if not points:
        raise ValueError("there is no point to draw: time one page at least")
    (left, right), (low, high) = (
        (math.floor(math.log10(min(values)) + 0.01), math.ceil(math.log10(max(values)) + 0.01))
        for values in zip(*points, strict=True)
    )

    def at(size: float, seconds: float) -> str:
        x = (math.log10(size) - left) / (right - left)
        y = (math.log10(seconds) - low) / (high - low)
        return f"{_MARGIN + x * _SQUARE:.1f},{_MARGIN + (1 - y) * _SQUARE:.1f}"

    width, height = _MARGIN + _SQUARE + 260, _MARGIN * 2 + _SQUARE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<clipPath id="square"><rect x="{_MARGIN}" y="{_MARGIN}" width="{_SQUARE}" height="{_SQUARE}"/></clipPath>',
    ]
    for tick in range(left, right + 1):
        parts.append(f'<polyline points="{at(10**tick, 10**low)} {at(10**tick, 10**high)}" stroke="#dddddd"/>')
        x = at(10**tick, 1).split(",")[0]
        parts.append(
            f'<text x="{x}" y="{_MARGIN + _SQUARE + 18}" text-anchor="middle">{_scaled(10**tick, _BYTES)}</text>'
        )
    for tick in range(low, high + 1):
        parts.append(f'<polyline points="{at(10**left, 10**tick)} {at(10**right, 10**tick)}" stroke="#dddddd"/>')
        y = float(at(1, 10**tick).split(",")[1])
        parts.append(
            f'<text x="{_MARGIN - 8}" y="{y + 4:.1f}" text-anchor="end">{_scaled(10.0**tick, _SECONDS)}</text>'
        )
        # From a corner of the left edge on, ten times the time for ten times the size.
        end = at(10**right, 10.0 ** (tick + right - left))
        parts.append(
            f'<polyline points="{at(10**left, 10**tick)} {end}" stroke="#eeeeee" stroke-dasharray="2 3" clip-path="url(#square)"/>'
        )
    parts.append(f'<text x="{_MARGIN}" y="{_MARGIN - 18}">CPU time for a page of this size</text>')
    lines = [(name, line, "") for name, line in shapes.items()]
    lines += [(name, line, ' stroke-dasharray="5 4"') for name, line in others.items()]
    for place, (name, line, dashes) in enumerate(lines):
        colour, y = _COLOURS[place % len(_COLOURS)], _MARGIN + 12 + place * 20
        drawn = " ".join(at(*point) for point in line)
        edge = _MARGIN + _SQUARE
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>')
        parts.append(
            f'<line x1="{edge + 12}" y1="{y - 4}" x2="{edge + 36}" y2="{y - 4}" stroke="{colour}" stroke-width="2"{dashes}/>'
        )
        parts.append(f'<text x="{edge + 42}" y="{y}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _scaled(value: float, units: Sequence[tuple[float, str]]) -> str:
    """The value in the largest unit that it reaches."""
    factor, unit = next((pair for pair in units if value >= pair[0] * 0.999), units[-1])
    return f"{value / factor:g} {unit}"
