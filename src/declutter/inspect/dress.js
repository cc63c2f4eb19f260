// The page's own styles in its frame. They are set through the object model alone, never as markup: neither a style element
// nor a style attribute of a page would pass the frame's content policy.
"use strict";

// A sheet for the frame, null where the browser makes none.
function sheetFor(frame, css) {
  try {
    const sheet = new frame.contentWindow.CSSStyleSheet(); // of the frame's own kind: a document takes no others
    sheet.replaceSync(css);
    return sheet;
  } catch {
    return null;
  }
}

// Puts the styles on, with their sheet, or takes them off where that is null. Then nothing is revealed.
function dress(frame, sheet) {
  const inside = frame.contentDocument;
  const [, plain, styled] = inside.styleSheets;
  const wanted = sheet !== null;
  plain.disabled = wanted;
  styled.disabled = !wanted;
  if (wanted || inside.adoptedStyleSheets?.length) inside.adoptedStyleSheets = wanted ? [sheet] : [];
  for (const element of inside.querySelectorAll("[data-declutter-style]")) {
    element.style.cssText = wanted ? element.getAttribute("data-declutter-style") : "";
  }
  unmark(inside, "data-declutter-fixed");
  unmark(inside, "data-declutter-reveal");
  if (wanted) unfix(inside, frame.contentWindow);
}

function unmark(inside, name) {
  for (const element of inside.querySelectorAll(`[${name}]`)) element.removeAttribute(name);
}

// What is fixed to the window would lie over the blocks: a bar at its top or side keeps its place on the first screen, all
// else goes where it stands in the source.
function unfix(inside, view) {
  const found = [];
  for (const element of inside.body.querySelectorAll("*")) {
    const { position } = view.getComputedStyle(element);
    if (position === "fixed" || position === "sticky") found.push([element, position, element.getBoundingClientRect()]);
  }
  for (const [element, position, place] of found) {
    const bar = place.height < view.innerHeight / 4 || place.width < view.innerWidth * 0.4;
    const stays = bar && place.top >= 0 && place.top <= 120;
    const empty = !element.matches("[data-declutter-block]") && !element.querySelector("[data-declutter-block]");
    element.setAttribute("data-declutter-fixed", position === "sticky" ? position : empty ? "none" : stays ? "top" : "flow");
  }
}

// Tells of pieces whether they are in sight as things stand; for one look alone, since it remembers what clips what.
function eye(frame) {
  const view = frame.contentWindow;
  const { documentElement, body } = frame.contentDocument;
  const clips = new Map([null, body, documentElement].map((at) => [at, null]));
  const whole = documentElement.scrollWidth;

  // What clips an element: its parent, or for one that is out of the flow what it is placed in.
  function above(at) {
    const { position } = view.getComputedStyle(at);
    return position === "absolute" ? at.offsetParent : position === "fixed" ? null : at.parentElement;
  }

  function clipOf(first) {
    const chain = [];
    for (let at = first; !clips.has(at); at = above(at)) chain.push(at);
    for (const at of chain.reverse()) {
      const style = view.getComputedStyle(at);
      const outer = clips.get(above(at));
      clips.set(at, cutAway(style) ? nothing : clipping(style) ? meet(outer, at.getBoundingClientRect()) : outer);
    }
    return clips.get(first);
  }

  return (piece) => {
    if (piece.checkVisibility && !piece.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
    const style = view.getComputedStyle(piece);
    if (indented(style) || cutAway(style)) return false;
    const { left, top, right, bottom } = meet(clipOf(above(piece)), piece.getBoundingClientRect());
    const across = right - left > 1 && right + view.scrollX > 0 && left + view.scrollX < whole;
    return across && bottom - top > 1 && bottom + view.scrollY > 0;
  };
}

const nothing = { left: 0, top: 0, right: 0, bottom: 0 };
const cutAway = (style) => /^inset\((?:[5-9]\d|100)%/.test(style.clipPath) || /^rect\((\d+px),? \1,? \1,? \1\)/.test(style.clip);
const indented = (style) => parseFloat(style.textIndent) < -99; // as lettering is, under a picture that says it
const clipping = (style) => [style.overflowX, style.overflowY].some((how) => how === "hidden" || how === "clip");

function meet(one, other) {
  if (!one) return other;
  return {
    left: Math.max(one.left, other.left),
    top: Math.max(one.top, other.top),
    right: Math.min(one.right, other.right),
    bottom: Math.min(one.bottom, other.bottom),
  };
}

// The rows of which nothing is to be seen.
function unseenRows(frame, pieces) {
  const seen = eye(frame);
  return new Set([...pieces.keys()].filter((row) => pieces[row].length && !pieces[row].some(seen)));
}

// Brings pieces into sight that the page hides: first what surely hides them is undone, then what may, from the inside out,
// until they are seen. All pieces are looked at before any is changed, or the browser would arrange the page for each anew.
function reveal(frame, pieces) {
  const { body } = frame.contentDocument;
  const view = frame.contentWindow;
  const open = (at, whole) => at.setAttribute("data-declutter-reveal", whole ? "whole" : "");
  const opened = (at) => at.hasAttribute("data-declutter-reveal");
  const found = new Map(); // what to undo, and whether how it is set out too
  for (const piece of pieces) {
    found.set(piece, view.getComputedStyle(piece).display === "none");
    // All from the piece to the outermost that hides it: what stands between was arranged for another place.
    let between = [];
    for (let at = piece.parentElement; at && at !== body.parentElement; at = at.parentElement) {
      const style = view.getComputedStyle(at);
      const hides = style.display === "none" || Number(style.opacity) < 0.1 || style.visibility !== "visible";
      const known = found.has(at);
      between.push(at);
      if (!known && !hides && style.clipPath === "none") continue;
      for (const one of between) found.set(one, true);
      between = [];
      if (known) break;
    }
  }
  for (const [at, whole] of found) open(at, whole);
  for (let round = 0; round < 12; round += 1) {
    const seen = eye(frame);
    const next = new Set();
    for (const piece of pieces) {
      if (seen(piece)) continue;
      let at = piece.parentElement;
      while (at && at !== body && (opened(at) || !mayHide(view.getComputedStyle(at), at))) at = at.parentElement;
      if (at && at !== body) next.add(at);
    }
    if (!next.size) return;
    for (const at of next) open(at, false);
  }
}

function mayHide(style, element) {
  const { width, height } = element.getBoundingClientRect();
  return (
    clipping(style) || width < 2 || height < 2 || style.clip !== "auto" || style.transform !== "none" ||
    style.position === "absolute" || style.position === "fixed" || indented(style)
  );
}
