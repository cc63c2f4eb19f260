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
  const waiting = new Set(); // pages with labels that are not sent yet
  let sending = null;
  let trouble = "";
  let closed = false;

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
    tellState();
  }

  function rowAt(event) {
    const piece = event.target.closest?.("[data-declutter-block]");
    return piece ? Number(piece.getAttribute("data-declutter-block")) : -1;
  }

  function loaded(inside, found, frame) {
    if (frame.id !== "first") return;
    inside.documentElement.setAttribute("data-declutter-edit", "");
    paint(page.blocks.keys());
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
    set(rows.map((row) => [row, labelOf(row)]));
  }

  function set(pairs) {
    for (const [row, label] of pairs) {
      given()[row] = label;
      page.blocks[row].label = label ?? guesses[row];
    }
    paint(pairs.map(([row]) => row));
    report.changed();
    outline();
    send(number);
    tellState();
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

  async function post(what, body) {
    const answer = await fetch(what, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error((await answer.text()) || `the server says ${answer.status}`);
  }

  function send(place) {
    waiting.add(place);
    sending ??= empty();
    return sending;
  }

  async function empty() {
    await Promise.resolve();
    trouble = "";
    while (waiting.size) {
      const [place] = waiting;
      waiting.delete(place);
      try {
        await post("save", { page: place, labels: about.edit[place] });
      } catch (error) {
        trouble = error instanceof TypeError ? "the server does not answer: is declutter annotate still running?" : error.message;
        unsaved.add(place);
        continue;
      }
      unsaved.delete(place);
    }
    sending = null;
    tellState();
  }
  const unsaved = new Set();

  async function finish() {
    for (const place of unsaved) waiting.add(place);
    await (sending ?? (waiting.size ? (sending = empty()) : null));
    if (unsaved.size && !confirm(`Not saved: ${trouble}. Leave all the same?`)) return;
    try {
      await post("done", {});
    } catch (error) {
      trouble = error.message;
      return tellState();
    }
    closed = true;
    unsaved.clear();
    tellState();
  }

  // -- what is told --------------------------------------------------------------------------------------------------

  const state = make("span", { id: "saved", role: "status" });
  const rest = make("button", { type: "button", id: "agree", "aria-keyshortcuts": "a", title: "Agree with the guess of every block without a label" }, "Rest is right");
  const finishing = make("button", { type: "button", id: "done" }, "Done");
  rest.addEventListener("click", agreeToAll);
  finishing.addEventListener("click", finish);
  document.querySelector(".views").replaceWith(make("div", { class: "views editing" }, state, rest, finishing));
  addEventListener("beforeunload", (event) => (unsaved.size || sending) && event.preventDefault());

  function tellState() {
    const all = given().length;
    const count = given().filter((label) => label !== null).length;
    const how = closed
      ? "Saved and done: you can close this page."
      : trouble
        ? `not saved: ${trouble}`
        : sending
          ? "saving"
          : count
            ? "saved"
            : "";
    state.textContent = closed ? how : `${count} of ${all} labelled${how ? `; ${how}` : ""}`;
    state.dataset.state = closed ? "closed" : trouble ? "trouble" : sending ? "saving" : "saved";
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
