// A line of JSON in ({tool, html, address}), a line out: {content}, the HTML that the tool makes of the page, or {error}.
// Both tools are given the same tree, that of jsdom, which runs no scripts and loads nothing.
import { createInterface } from "node:readline";
import { stdout } from "node:process";
import { JSDOM, VirtualConsole } from "jsdom";
import { Readability } from "@mozilla/readability";
import { Defuddle } from "defuddle/node";

// What tools say of pages would be read as answers.
for (const name of ["log", "info", "warn", "error", "debug"]) console[name] = () => {};

const tools = {
  readability: async (dom) => new Readability(dom.window.document).parse()?.content ?? "",
  // Without the last resort that asks services on the network.
  defuddle: async (dom, address) => (await Defuddle(dom.window.document, address, { useAsync: false })).content ?? "",
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { tool, html, address } = JSON.parse(line);
  let answer;
  try {
    const dom = new JSDOM(html, { url: address || "https://example.org/", virtualConsole: new VirtualConsole() });
    try {
      answer = { content: await tools[tool](dom, address || "https://example.org/") };
    } finally {
      dom.window.close();
    }
  } catch (error) {
    answer = { error: String(error) };
  }
  stdout.write(JSON.stringify(answer) + "\n");
}
