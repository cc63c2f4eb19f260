// Labels given by hand: keys and buttons for the chosen blocks, sent to the server after every change. A block keeps the
// model's guess, without a tint, until somebody gives it a label or agrees.
function makeEditor(about, report) {
  const letters = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "m", "t", "x"]; // a key a label, in their order
  const at = (id) => document.getElementById(id);
  let page = null;
  let number = 0;
  let guesses = []; // what the model says of each block
  let anchor = -1; // where a row of chosen blocks begins
  let selected = []; // the chosen blocks, in order
  let dragging = false;
  let dragged = false;
  let done = []; // what to take back: pages and what their blocks were
  let trouble = ""; // why it could not be ended
  let closed = false;
  const saver = makeSaver(about, tellState, taken);
  const names = [...document.querySelectorAll('script[type="text/plain"]')].map((item) => item.dataset.name);

  const given = () => about.edit[number];

  // -- the frame -----------------------------------------------------------------------------------------------------

  function paint(rows) {
    const pieces = report.pieces();
    for (const row of rows) {
      for (const piece of pieces[row] ?? []) {
        piece.setAttribute("data-declutter-label", about.labels[page.blocks[row].label].name);
        piece.toggleAttribute("data-declutter-guess", given()[row] === null);
      }
    }
  }

  function outline() {
    report.pieces().forEach((parts, row) => {
      const inside = selected.length > 1 ? selected.includes(row) : row === selected[0];
      for (const piece of parts) piece.toggleAttribute("data-declutter-chosen", inside);
    });
  }

  function opened(unpacked, place) {
    page = unpacked;
    number = place;
    guesses = page.blocks.map((block) => block.label);
    given().forEach((label, row) => (page.blocks[row].label = label ?? guesses[row]));
    selected = [];
    anchor = -1;
    trouble = "";
    if (saver.trouble(number)) saver.send(number); // what was in the way may be gone
    tellState();
  }

  // The blocks that want a look: for want of their labels nothing is saved, or they got others elsewhere.
  const wanted = () => [...(saver.trouble(number)?.blocks ?? []), ...saver.stood(number)];

  function mark() {
    const rows = new Set(wanted());
    report.pieces().forEach((parts, row) => {
      for (const piece of parts) piece.toggleAttribute("data-declutter-look", rows.has(row));
    });
  }

  function rowAt(event) {
    const piece = event.target.closest?.("[data-declutter-block]");
    return piece ? Number(piece.getAttribute("data-declutter-block")) : -1;
  }

  function loaded(inside, found, frame) {
    if (frame.id !== "first") return;
    inside.documentElement.setAttribute("data-declutter-edit", "");
    paint(page.blocks.keys());
    mark();
    inside.addEventListener("pointerdown", (event) => {
      const row = event.button === 0 && event.isPrimary && event.pointerType === "mouse" ? rowAt(event) : -1;
      dragging = row >= 0 && !event.shiftKey;
      dragged = false;
      if (dragging) anchor = row;
    });
    inside.addEventListener("pointermove", (event) => {
      if (!dragging) return;
      if (!event.buttons) dragging = false; // let go outside of the frame
      const row = rowAt(event);
      if (!dragging || row < 0 || (row === anchor && !dragged)) return;
      dragged = true;
      select(anchor, row);
    });
    inside.addEventListener("pointerup", () => (dragging = false));
  }

  // The click that ends a drag, or extends with shift, chooses no block of its own.
  function clicked(event) {
    const row = rowAt(event);
    if (dragged) {
      dragged = false;
      return true;
    }
    if (!event.shiftKey || selected.length === 0 || row < 0) return false;
    select(anchor, row);
    return true;
  }

  // -- choosing ------------------------------------------------------------------------------------------------------

  function chose(row) {
    if (selecting) return;
    anchor = row;
    selected = row < 0 ? [] : [row];
    outline();
  }

  let selecting = false;
  function select(from, to) {
    const [low, high] = from < to ? [from, to] : [to, from];
    selecting = true;
    if (!selected.includes(from) || selected.length < 2) report.choose(from, at("first"));
    selected = Array.from({ length: high - low + 1 }, (_, place) => low + place).filter((row) => report.reachable(row));
    selecting = false;
    outline();
    tellState();
  }

  function extend(by) {
    if (selected.length === 0) return report.step(by);
    let end = selected[0] < anchor ? selected[0] : selected[selected.length - 1];
    do end += by;
    while (end >= 0 && end < page.blocks.length && !report.reachable(end));
    if (end < 0 || end >= page.blocks.length) return;
    select(anchor, end);
    report.pieces()[end]?.[0]?.scrollIntoView({ block: "nearest" });
  }

  // -- labels --------------------------------------------------------------------------------------------------------

  // Gives rows their labels; null takes them back to the guess.
  function give(rows, labelOf) {
    if (!rows.length || closed) return;
    done.push([number, rows.map((row) => [row, given()[row]])]);
    saver.given(number, rows);
    set(rows.map((row) => [row, labelOf(row)]));
  }

  function set(pairs) {
    for (const [row, label] of pairs) given()[row] = label;
    saver.send(number);
    show(pairs.map(([row]) => row));
    tellState();
  }

  function show(rows) {
    for (const row of rows) page.blocks[row].label = given()[row] ?? guesses[row];
    paint(rows);
    report.changed();
    outline();
  }

  // Labels that came from elsewhere, which is nothing to undo here.
  function taken(place, rows) {
    const theirs = new Set(rows);
    done = done.map(([at, pairs]) => [at, pairs.filter(([row]) => at !== place || !theirs.has(row))]).filter(([, pairs]) => pairs.length);
    if (page && place === number) show(rows);
  }

  function label(place) {
    give(selected, () => place);
  }

  // Agrees with what the chosen blocks have, and goes on.
  function agree() {
    if (selected.length === 0) return report.step(1);
    const last = selected[selected.length - 1];
    give(selected, (row) => page.blocks[row].label);
    report.step(1, last);
  }

  function agreeToAll() {
    const rows = [...given().keys()].filter((row) => given()[row] === null);
    give(rows, (row) => page.blocks[row].label);
  }

  function undo() {
    while (done.length && done[done.length - 1][0] !== number) done.pop(); // of a page that was left
    const last = done.pop();
    if (last) set(last[1]);
  }

  // -- the server ----------------------------------------------------------------------------------------------------

  async function finish() {
    await saver.settle();
    const left = saver.unsaved().map((place) => `${names[place]} (${saver.trouble(place).message})`);
    if (left.length && !confirm(`Not saved: ${left.join("; ")}. Leave all the same?`)) return;
    try {
      await saver.done();
    } catch (error) {
      trouble = saver.reason(error);
      return tellState();
    }
    closed = true;
    tellState();
  }

  // -- what is told --------------------------------------------------------------------------------------------------

  const state = make("span", { id: "saved", role: "status" });
  const rest = make("button", { type: "button", id: "agree", "aria-keyshortcuts": "a", title: "Agree with the guess of every block without a label" }, "Rest is right");
  const finishing = make("button", { type: "button", id: "done" }, "Done");
  const look = make("button", { type: "button", id: "look", hidden: "", title: "Go to the next block that wants a look" }, "Show");
  rest.addEventListener("click", agreeToAll);
  look.addEventListener("click", () => {
    const rows = wanted().sort((one, other) => one - other);
    report.choose(rows.find((row) => row > (selected[0] ?? -1)) ?? rows[0]);
  });
  finishing.addEventListener("click", finish);
  document.querySelector(".views").replaceWith(make("div", { class: "views editing" }, state, look, rest, finishing));
  addEventListener("beforeunload", (event) => !closed && (saver.unsaved().length || saver.busy()) && event.preventDefault());

  // "a.html", or "a.html and 2 more"
  const briefly = (places) => `${names[places[0]]}${places.length > 1 ? ` and ${places.length - 1} more` : ""}`;

  function howItStands(count) {
    const problem = trouble || saver.trouble(number)?.message;
    const others = saver.unsaved().filter((place) => place !== number);
    const stood = saver.stood(number);
    const parts = [problem ? `not saved: ${problem}` : saver.busy() ? "saving" : count ? "saved" : ""];
    if (stood.length) {
      const which = stood.length > 1 ? `${stood.length} blocks that were` : `block ${stood[0] + 1}, which was`;
      parts.push(`but for ${which} labelled elsewhere too: the labels from there stand`);
    }
    if (others.length) parts.push(`other pages are not saved: ${briefly(others)}`);
    return parts.filter(Boolean).join("; ");
  }

  function tellState() {
    const all = given().length;
    const count = given().filter((label) => label !== null).length;
    const left = saver.unsaved();
    const how = howItStands(count);
    const end = left.length ? `Done, but not saved: ${briefly(left)}. You can close this page.` : "Saved and done: you can close this page.";
    state.textContent = closed ? end : `${count} of ${all} labelled${how ? `; ${how}` : ""}`;
    const troubled = trouble || left.length || wanted().length;
    state.dataset.state = troubled ? "trouble" : closed ? "closed" : saver.busy() ? "saving" : "saved";
    look.hidden = closed || !wanted().length;
    mark();
    rest.disabled = closed || count === all;
    finishing.disabled = closed;
    const several = at("several");
    if (several) several.textContent = selected.length > 1 ? `${selected.length} blocks chosen` : given()[selected[0]] === null ? "the model's guess" : "your label";
  }

  function told(box) {
    const buttons = about.labels.map((item, place) => {
      const button = make(
        "button",
        { type: "button", title: item.meaning, "aria-keyshortcuts": letters[place], "data-give": item.name },
        make("span", { class: "letters", "aria-hidden": "true", "data-declutter-label": item.name }, item.letters),
        make("span", { class: "name" }, item.name),
        make("kbd", {}, letters[place]),
      );
      button.addEventListener("click", () => label(place));
      return button;
    });
    box.querySelector("h2").after(make("p", { class: "quiet", id: "several" }), make("div", { id: "palette", role: "group", "aria-label": "Give a label" }, ...buttons));
    tellState();
  }

  for (const [key, what] of [
    ["1 to 9, 0, m, t, x", "give the chosen blocks a label: the keys stand beside the labels"],
    ["Enter", "agree with the label of the chosen block and go on; also the space bar"],
    ["Shift + arrows", "choose more blocks; dragging with the mouse does so too"],
    ["Backspace", "take the label back"],
    ["z", "undo"],
    ["a", "agree with the guess of every block that has no label yet"],
  ]) {
    at("help").querySelector("dl").append(make("dt", {}, make("kbd", {}, key)), make("dd", {}, what));
  }
  for (const key of ["o", "s"]) {
    const term = [...at("help").querySelectorAll("dt")].find((found) => found.textContent === key);
    term.nextElementSibling.remove();
    term.remove();
  }

  const keys = {
    Enter: agree,
    " ": agree,
    Backspace: () => give(selected, () => null),
    Delete: () => give(selected, () => null),
    z: undo,
    a: agreeToAll,
  };
  letters.forEach((key, place) => (keys[key] = () => label(place)));
  return { opened, loaded, clicked, chose, told, extend, keys, leave: () => (done = []) };
}
