// Sends the labels of pages to the server after every change, and knows of each page whether they are there. What goes with
// them is what they were, so that labels which somebody else gave other blocks meanwhile stay: they come back in the answer.
function makeSaver(about, tell, taken) {
  const was = about.edit.map((labels) => [...labels]); // of each page what the server has, as far as is known here
  const waiting = new Set(); // pages with labels that are not sent yet
  const troubles = new Map(); // by page: why its labels are not saved, and the blocks that are to blame
  const stood = about.edit.map(() => new Set()); // of each page the blocks whose label from elsewhere was kept
  let sending = null;

  async function post(what, body) {
    const answer = await fetch(what, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const text = await answer.text();
    const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? JSON.parse(text) : { message: text };
    if (!answer.ok) throw Object.assign(new Error(told.message || `the server says ${answer.status}`), { blocks: told.blocks });
    return told;
  }

  const reason = (error) => (error instanceof TypeError ? "the server does not answer: is declutter annotate still running?" : error.message);

  function send(place) {
    waiting.add(place);
    sending ??= empty();
  }

  async function empty() {
    await Promise.resolve();
    while (waiting.size) {
      const [place] = waiting;
      waiting.delete(place);
      const labels = [...about.edit[place]];
      let told = null;
      try {
        told = await post("save", { page: place, labels, was: was[place] });
      } catch (error) {
        troubles.set(place, { message: reason(error), blocks: error.blocks ?? [] });
        continue;
      }
      troubles.delete(place);
      take(place, labels, told);
    }
    sending = null;
    tell();
  }

  // What stands in the file now, but for what was changed here since it was sent.
  function take(place, sent, told) {
    was[place] = told.labels;
    for (const row of told.stood) stood[place].add(row);
    const rows = [...sent.keys()].filter((row) => sent[row] !== told.labels[row] && about.edit[place][row] === sent[row]);
    for (const row of rows) about.edit[place][row] = told.labels[row];
    if (rows.length) taken(place, rows);
  }

  async function settle() {
    for (const place of troubles.keys()) send(place);
    await sending;
  }

  return {
    send,
    settle,
    reason,
    busy: () => sending !== null,
    trouble: (place) => troubles.get(place),
    unsaved: () => [...troubles.keys()],
    stood: (place) => [...stood[place]].sort((one, other) => one - other),
    // A label that is given here again is meant.
    given: (place, rows) => rows.forEach((row) => stood[place].delete(row)),
    done: () => post("done", { unsaved: [...troubles.keys()] }),
  };
}
