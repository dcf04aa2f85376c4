// Mozilla's Readability on jsdom, as a worker of drive.py.
//
// Reads requests from standard input and answers each on standard output, as
// drive.py says.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { Readability } from "@mozilla/readability";
import { JSDOM, VirtualConsole } from "jsdom";

const BREAKING =
  "address, article, aside, blockquote, br, dd, div, dl, dt, figcaption, figure, " +
  "footer, form, h1, h2, h3, h4, h5, h6, header, hr, li, main, nav, ol, p, pre, " +
  "section, table, td, th, tr, ul";

const packages = createRequire(import.meta.url);
const version = (name) => packages(`${name}/package.json`).version;

// textContent glues the last word of a block to the first of the next.
function serializer(article) {
  for (const element of article.querySelectorAll(BREAKING)) {
    element.before("\n");
    element.after("\n");
  }
  return article.textContent;
}

function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes; // jsdom is to find the encoding
  }
}

function text({ path, url }) {
  // A console without listeners: jsdom's complaints about styles are no news.
  const virtualConsole = new VirtualConsole();
  const page = decoded(readFileSync(path));
  const options = { virtualConsole, ...(URL.canParse(url) && { url }) };
  const { window } = new JSDOM(page, options);
  try {
    return new Readability(window.document, { serializer }).parse()?.content ?? "";
  } finally {
    window.close();
  }
}

function answer(request) {
  try {
    return { text: text(request) };
  } catch (error) {
    return { error: String(error) };
  }
}

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

say({
  peer: `Readability ${version("@mozilla/readability")} (jsdom ${version("jsdom")})`,
});
for await (const line of createInterface({ input: process.stdin })) {
  say(answer(JSON.parse(line)));
}
