// Shows marked pages in frames and tells of their blocks. Of a page, the marked HTML alone is set as HTML: into a frame in
// which no script may run and nothing loads.
(() => {
  const about = JSON.parse(document.getElementById("about").textContent);
  const packed = [...document.querySelectorAll('script[type="text/plain"]')];
  const at = (id) => document.getElementById(id);
  const frames = [at("first"), at("second")];
  const wide = matchMedia("(min-width: 64.01rem)");

  let page = null; // what is known of the page that is shown
  let number = 0; // its place
  let view = "original"; // original, cleaned, both
  let chosen = -1; // the block
  const labels = new Set(); // those asked for, by place; none is all
  let matching = []; // whether each block is one that was asked for
  let editor = null; // where labels can be given: see edit.js
  const pieces = new Map(frames.map((frame) => [frame, []])); // of each block its elements, by frame
  const unseen = new Map(frames.map((frame) => [frame, new Set()])); // the blocks that the page's styles hide, by frame
  const uncovered = new Map(); // those of them that are shown all the same, by frame
  let styles = null; // whether the page's styles are asked for; null as long as nobody chose

  // -- pages ---------------------------------------------------------------------------------------------------------

  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  async function open(place) {
    const mine = Math.min(Math.max(place, 0), packed.length - 1);
    if (page && mine === number) return;
    number = mine;
    const unpacked = await unpack(packed[number].textContent);
    if (mine !== number) return; // another was asked for in the meantime
    editor?.leave();
    page = unpacked;
    chosen = -1;
    editor?.opened(page, number);
    at("name").textContent = page.title && page.title !== page.name ? `${page.name}: ${page.title}` : page.name;
    at("name").title = at("name").textContent;
    document.title = `${page.name}: blocks and labels`;
    at("page").value = String(number);
    at("before").disabled = number === 0;
    at("after").disabled = number === packed.length - 1;
    at("styles-text").hidden = !page.dressed;
    at("styles").checked = styles ?? (page.styled && !about.edit); // who gives labels wants to see all text
    for (const frame of frames) {
      pieces.set(frame, []);
      unseen.set(frame, new Set());
      delete frame.dataset.loaded;
    }
    fillLegend();
    tell();
    show(view);
  }

  function load(frame) {
    if (frame.dataset.loaded === String(number)) return;
    frame.dataset.loaded = String(number);
    frame.srcdoc = about.frame + page.html;
  }

  function loaded(frame) {
    const inside = frame.contentDocument;
    if (!page || inside.URL !== "about:srcdoc") return;
    inside.documentElement.lang = page.lang;
    inside.documentElement.dir = page.dir;
    for (const [element, attributes] of [[inside.documentElement, page.root], [inside.body, page.body]]) {
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    }
    const found = page.blocks.map(() => []);
    for (const piece of inside.querySelectorAll("[data-declutter-block]")) {
      found[Number(piece.getAttribute("data-declutter-block"))].push(piece);
    }
    pieces.set(frame, found);
    inside.addEventListener("click", (event) => click(event, frame));
    editor?.loaded(inside, found, frame);
    inside.addEventListener("auxclick", (event) => event.preventDefault());
    inside.addEventListener("keydown", key);
    inside.addEventListener("scroll", () => follow(frame));
    // A frame whose inside has the focus matches no :focus.
    frame.classList.toggle("focused", inside.hasFocus());
    frame.contentWindow.addEventListener("focus", () => {
      frame.classList.add("focused");
      leading = frame;
    });
    frame.contentWindow.addEventListener("blur", () => frame.classList.remove("focused"));
    frame.contentWindow.addEventListener("resize", () => {
      clearTimeout(frame.measuring);
      frame.measuring = setTimeout(measure, 150, frame);
    });
    redress(frame);
    filter();
    if (chosen >= 0) choose(chosen);
    frame.dataset.ready = frame.dataset.loaded;
  }

  // -- views ---------------------------------------------------------------------------------------------------------

  const dressed = () => page.dressed && at("styles").checked;
  const isHidden = (row) => (dressed() ? unseen.get(frames[0]).has(row) : page.blocks[row].hidden);

  function redress(frame) {
    const top = anchor(frame);
    const sheet = dressed() ? sheetFor(frame, page.css) : null;
    if (dressed() && !sheet) {
      page.dressed = false; // the browser cannot
      at("styles-text").hidden = true;
    }
    dress(frame, sheet);
    measure(frame);
    restore(frame, top);
  }

  // Looks anew what the page's styles hide: that hangs on the width of the frame too.
  function measure(frame) {
    if (!pieces.get(frame).length) return;
    const inside = frame.contentDocument;
    inside.documentElement.setAttribute("data-declutter-view", "original");
    unmark(inside, "data-declutter-reveal");
    uncovered.delete(frame);
    unseen.set(frame, dressed() ? unseenRows(frame, pieces.get(frame)) : new Set());
    setView(frame);
    uncover(frame);
    if (frame !== frames[0]) return;
    const hidden = page.blocks.filter((block, row) => (block.unseen = isHidden(row))).length;
    at("hidden-text").hidden = !hidden;
    at("hidden-count").textContent = hidden;
  }

  // Of what the page's styles hide, content comes into sight, and what is chosen or asked for.
  function uncover(frame) {
    const asked = labels.size > 0 || at("words").value.trim() !== "";
    const rows = [...unseen.get(frame)].filter(
      (row) => at("hidden").checked && (row === chosen || page.blocks[row].label === 0 || (asked && matching[row])),
    );
    const key = rows.join();
    if (key === (uncovered.get(frame) ?? "")) return;
    uncovered.set(frame, key);
    unmark(frame.contentDocument, "data-declutter-reveal");
    reveal(frame, rows.flatMap((row) => pieces.get(frame)[row]));
  }

  function setView(frame) {
    const inside = frame.contentDocument;
    const top = anchor(frame);
    inside.documentElement.setAttribute("data-declutter-view", frame === frames[1] || view === "cleaned" ? "cleaned" : "original");
    inside.documentElement.toggleAttribute("data-declutter-hide", !at("hidden").checked);
    restore(frame, top);
  }

  function show(wanted) {
    view = wanted === "both" && !wide.matches ? "original" : wanted;
    for (const button of document.querySelectorAll("[data-view]")) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
    frames[1].parentElement.hidden = view !== "both";
    for (const frame of view === "both" ? frames : frames.slice(0, 1)) {
      const ready = frame.dataset.loaded === String(number) && pieces.get(frame).length;
      load(frame);
      if (ready) setView(frame);
    }
    for (const title of document.querySelectorAll(".frame h2")) title.classList.toggle("unseen", view !== "both");
    count();
  }

  // The first block of content in sight and where it stands, so that it stays there when others go.
  function anchor(frame) {
    const all = pieces.get(frame);
    for (let row = 0; row < all.length; row += 1) {
      if (page.blocks[row].label !== 0 || !all[row].length) continue;
      const place = all[row][0].getBoundingClientRect();
      if (place.bottom > 0 && place.height) return { row, top: place.top };
    }
    return null;
  }

  function restore(frame, top) {
    const piece = top && pieces.get(frame)[top.row]?.[0];
    if (piece && frame.contentWindow.scrollY) frame.contentWindow.scrollBy(0, piece.getBoundingClientRect().top - top.top);
  }

  let leading = null; // the frame that is being scrolled; the other follows
  function follow(frame) {
    if (view !== "both" || leading !== frame) return;
    const other = frames[frame === frames[0] ? 1 : 0];
    const top = anchor(frame);
    const piece = top && pieces.get(other)[top.row]?.[0];
    if (piece) other.contentWindow.scrollBy(0, piece.getBoundingClientRect().top - top.top);
  }
  for (const frame of frames) {
    frame.addEventListener("load", () => loaded(frame));
    frame.addEventListener("pointerenter", () => (leading = frame));
  }

  // -- filter --------------------------------------------------------------------------------------------------------

  function fillLegend() {
    const counts = about.labels.map(() => 0);
    for (const block of page.blocks) counts[block.label] += 1;
    at("legend").replaceChildren(
      ...about.labels.map((label, place) => {
        const button = make(
          "button",
          { type: "button", title: label.meaning, "aria-pressed": String(labels.has(place)), "data-place": place },
          make("span", { class: "letters", "aria-hidden": "true", "data-declutter-label": label.name }, label.letters),
          make("span", { class: "name" }, label.name),
          make("span", { class: "count" }, String(counts[place])),
        );
        button.disabled = !counts[place] && !labels.has(place);
        button.addEventListener("click", () => {
          if (!labels.delete(place)) labels.add(place);
          button.setAttribute("aria-pressed", String(labels.has(place)));
          filter();
          if (labels.has(place)) reach(place);
        });
        return make("li", {}, button);
      }),
    );
  }

  // Where no block of a label is in sight, to the first; side by side the other frame follows.
  function reach(place) {
    const shown = pieces
      .get(frames[0])
      .filter((_, row) => page.blocks[row].label === place && reachable(row))
      .flat()
      .filter((piece) => piece.getClientRects().length);
    const inSight = (piece) => {
      const { top, bottom } = piece.getBoundingClientRect();
      return bottom > 0 && top < frames[0].clientHeight;
    };
    if (!shown.length || shown.some(inSight)) return;
    leading = frames[0];
    shown[0].scrollIntoView({ block: "center" });
  }

  function filter() {
    const words = at("words").value.trim().toLowerCase();
    matching = page.blocks.map(
      (block) =>
        (!labels.size || labels.has(block.label)) &&
        (!words || about.labels[block.label].name.startsWith(words) || block.text.toLowerCase().includes(words)),
    );
    for (const all of pieces.values()) {
      all.forEach((parts, row) => {
        for (const piece of parts) piece.toggleAttribute("data-declutter-off", !matching[row]);
        // Letters where a row of blocks of one label begins: at each block they would be in the way.
        const begins = matching[row] && !(matching[row - 1] && page.blocks[row - 1].label === page.blocks[row].label);
        if (begins) parts[0]?.setAttribute("data-declutter-letters", about.labels[page.blocks[row].label].letters);
        else parts[0]?.removeAttribute("data-declutter-letters");
      });
    }
    for (const frame of frames) uncover(frame);
    count();
  }

  function reachable(row) {
    const block = page.blocks[row];
    return matching[row] && !(view === "cleaned" && block.label !== 0) && !(isHidden(row) && !at("hidden").checked);
  }

  function count() {
    const found = page.blocks.filter((_, row) => matching[row]).length;
    const all = page.blocks.length;
    at("count").textContent = `${found === all ? "" : `${found} of `}${all} ${all === 1 ? "block" : "blocks"}`;
  }

  // -- blocks --------------------------------------------------------------------------------------------------------

  function choose(row, from = null) {
    const before = chosen;
    chosen = row;
    for (const [frame, all] of pieces) {
      uncover(frame);
      (all[before] ?? []).forEach((piece) => piece.removeAttribute("data-declutter-chosen"));
      const parts = all[row] ?? [];
      parts.forEach((piece) => piece.setAttribute("data-declutter-chosen", ""));
      if (parts.length && frame !== from) parts[0].scrollIntoView({ block: "center" });
    }
    editor?.chose(row);
    tell();
  }

  // From the chosen block, or from outside of the first or last, to the next that is in sight.
  function step(by, from = chosen < 0 && by < 0 ? page.blocks.length : chosen) {
    let row = from + by;
    while (row >= 0 && row < page.blocks.length && !reachable(row)) row += by;
    if (row >= 0 && row < page.blocks.length) choose(row);
  }

  function click(event, frame) {
    event.preventDefault();
    const piece = event.target.closest?.("[data-declutter-block]");
    if (piece && !editor?.clicked(event)) choose(Number(piece.getAttribute("data-declutter-block")), frame);
  }

  function tell() {
    const box = at("block");
    box.classList.toggle("unchosen", chosen < 0);
    box.scrollTop = 0;
    if (chosen < 0) {
      delete box.dataset.declutterLabel;
      box.replaceChildren(...drawPage(about, page));
      at("told").textContent = "";
      return;
    }
    const block = page.blocks[chosen];
    const label = about.labels[block.label];
    box.dataset.declutterLabel = label.name;
    box.replaceChildren(
      ...drawBlock(about, page, chosen, [
        ["Block before", "\u2191", () => step(-1)],
        ["Next block", "\u2193", () => step(1)],
        ["Close", "\u00d7", () => choose(-1)],
      ]),
    );
    editor?.told(box);
    at("told").textContent = `Block ${chosen + 1} of ${page.blocks.length}: ${label.name}, ${percent(block.score)}. ${block.text.slice(0, 200)}`;
  }

  // -- keys ----------------------------------------------------------------------------------------------------------

  function leave() {
    if (document.activeElement === at("words") || at("words").value) {
      at("words").value = "";
      at("words").blur();
      filter();
    } else if (chosen >= 0) {
      choose(-1);
    } else if (labels.size) {
      labels.clear();
      fillLegend();
      filter();
    }
  }

  const keys = {
    ArrowDown: () => step(1),
    ArrowRight: () => step(1),
    ArrowUp: () => step(-1),
    ArrowLeft: () => step(-1),
    Home: () => step(1, -1),
    End: () => step(-1, page.blocks.length),
    f: () => at("words").focus(),
    "/": () => at("words").focus(),
    o: () => show(view === "original" ? "cleaned" : "original"),
    s: () => show(view === "both" ? "original" : "both"),
    h: () => at("hidden").click(),
    c: () => at("styles-text").hidden || at("styles").click(),
    n: () => open(number + 1),
    p: () => open(number - 1),
    "?": () => at("help").showModal(),
    Escape: leave,
  };

  function key(event) {
    if (!page || event.ctrlKey || event.metaKey || event.altKey || at("help").open) return;
    const typing = event.target.matches?.("input[type=search], select");
    if (event.target === at("words") && event.key === "Enter") step(1);
    if ((typing && event.key !== "Escape") || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key](event);
  }

  document.addEventListener("keydown", key);
  at("words").addEventListener("input", filter);
  at("hidden").addEventListener("change", () => {
    for (const frame of frames) {
      if (pieces.get(frame).length) setView(frame);
      uncover(frame);
    }
  });
  at("styles").addEventListener("change", () => {
    styles = at("styles").checked;
    for (const frame of frames) if (pieces.get(frame).length) redress(frame);
    count();
  });
  at("keys").addEventListener("click", () => at("help").showModal());
  at("before").addEventListener("click", () => open(number - 1));
  at("after").addEventListener("click", () => open(number + 1));
  at("page").addEventListener("change", (event) => open(Number(event.target.value)));
  for (const button of document.querySelectorAll("[data-view]")) {
    button.addEventListener("click", () => show(button.dataset.view));
  }
  if (about.edit) {
    editor = makeEditor(about, {
      step,
      choose,
      reachable,
      pieces: () => pieces.get(frames[0]) ?? [],
      changed: () => {
        fillLegend();
        filter();
        tell();
      },
    });
    for (const key of ["o", "s"]) delete keys[key]; // what is cut hangs on labels that are still to be given
    const arrows = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    for (const [key, by] of Object.entries(arrows)) {
      keys[key] = (event) => (event.shiftKey ? editor.extend(by) : step(by));
    }
    Object.assign(keys, editor.keys);
  }
  wide.addEventListener("change", () => page && view === "both" && show("both"));
  at("pages").hidden = packed.length < 2;
  at("page").append(...packed.map((item, place) => make("option", { value: place }, item.dataset.name)));
  if (typeof DecompressionStream === "undefined") {
    at("name").textContent = "This browser is too old for the report: one of 2023 or later shows it.";
  } else {
    open(0);
  }
})();
