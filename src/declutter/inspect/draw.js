// What is written beside the frames, as elements; texts of pages are only ever set as text.
"use strict";
const make = (tag, attributes, ...inside) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
};
const explain = (row) => make("code", {}, `declutter explain --block ${row} FILE`);
const percent = (share) => `${Math.round(share * 100)}%`;

function drawPage(about, page) {
  const kept = page.blocks.filter((block) => block.label === 0).length;
  return [
    make("h2", {}, "This page"),
    make(
      "dl",
      {},
      make("dt", {}, "kept"),
      make("dd", {}, `${kept} of ${page.blocks.length} blocks`),
      make("dt", {}, "threshold"),
      make("dd", {}, `content from ${page.threshold.toFixed(2)}`),
      make("dt", {}, "confidence"),
      make("dd", {}, page.confidence.toFixed(2)),
    ),
    ...drawUnexplained(about, page),
    make("p", { class: "quiet" }, "Click a block, or go through them with the arrow keys. ", make("kbd", {}, "?"), " shows all keys."),
  ];
}

// Which blocks of a large page have no reasons, label by label.
function drawUnexplained(about, page) {
  const without = page.blocks.filter((block) => !block.reasons);
  if (!without.length) return [];
  const counts = about.labels.map((label, place) => [label.name, without.filter((block) => block.label === place).length]);
  const told = counts.filter(([, count]) => count).map(([name, count]) => `${count} ${name}`);
  return [
    make(
      "p",
      { id: "unexplained" },
      `Without reasons: ${without.length} of ${page.blocks.length} blocks (${told.join(", ")}), those furthest from the threshold. For those of one, counted from 0: `,
      explain("N"),
    ),
  ];
}

function drawBlock(about, page, row, steps) {
  const block = page.blocks[row];
  const label = about.labels[block.label];
  const button = (name, shown, what) => {
    const made = make("button", { type: "button", "aria-label": name }, shown);
    made.addEventListener("click", what);
    return made;
  };
  const notes = [
    row === page.headline ? "the main headline" : "",
    block.by === "rule" ? "decided by a rule" : "",
    block.hidden ? "hidden at first" : block.unseen ? "hidden by the page's styles" : "",
    block.origin === "control" ? "a control" : block.origin === "alt" ? "an image's description" : "",
  ].filter(Boolean);
  return [
    make(
      "h2",
      {},
      make("span", { class: "letters", "aria-hidden": "true", "data-declutter-label": label.name }, label.letters),
      label.name,
      make(
        "span",
        { class: "steps" },
        ...steps.map(([name, shown, what]) => button(name, shown, what)),
      ),
    ),
    make("p", { class: "quiet" }, `${label.meaning}; block ${row + 1} of ${page.blocks.length}${notes.length ? `; ${notes.join(", ")}` : ""}`),
    make("blockquote", { dir: "auto" }, block.text.length > 600 ? `${block.text.slice(0, 600)}\u2026` : block.text),
    make(
      "dl",
      {},
      make("dt", {}, "score"),
      make("dd", {}, block.score.toFixed(3)),
      make("dt", {}, "content_score"),
      make("dd", {}, `${block.content.toFixed(3)}; stays from ${page.threshold.toFixed(2)}`),
    ),
    make("h3", {}, "Likeliest labels"),
    ...block.likeliest.map(([place, share]) =>
      make(
        "div",
        { class: "share" },
        make("span", {}, about.labels[place].name),
        make("meter", { value: share, min: 0, max: 1, "aria-label": about.labels[place].name }),
        make("span", {}, percent(share)),
      ),
    ),
    make("h3", {}, "Reasons, strongest first"),
    block.reasons
      ? make("ul", {}, ...block.reasons.map((place) => make("li", {}, page.texts[place])))
      : make("p", {}, "None here: the page has many blocks, and this one is far from the threshold. They are told by ", explain(row)),
    make("h3", {}, "Where"),
    make("code", {}, page.texts[block.path]),
  ];
}
