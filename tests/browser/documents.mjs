// The documents as a site, as readers' browsers meet it: node documents.mjs SITE
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { launch } from "./browser.mjs";
import { serve } from "./server.mjs";

const [root] = process.argv.slice(2);
// The theme has scripts of its own in the page, and searches in a worker; all else is of this server.
const POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";
const LOOKS = [[360, 800, "light"], [1280, 900, "dark"]];
const DECISION = /decisions\/\d{4}-/;

const problems = [];
let looked = 0;

const pages = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  if (entry.isDirectory()) return pages(join(folder, entry.name));
  return entry.name === "index.html" ? [`/${relative(root, folder)}/`.replace("//", "/")] : [];
});

async function look(page, origin, path, label) {
  await page.goto(origin + path, { waitUntil: "load" });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) problems.push(`${label}: scrolls sideways by ${wide} px`);
  looked += 1;
}

async function search(page, origin, word, path) {
  await page.goto(origin, { waitUntil: "load" });
  await page.click("label[for=__search]:visible, .md-search__input:visible");
  await page.fill(".md-search__input", word);
  await page.waitForSelector(".md-search-result__link");
  const links = await page.$$eval(".md-search-result__link", (found) => found.map((link) => link.pathname));
  if (!links.some((link) => link === path)) problems.push(`${word}: found ${links}`);
}

const { server, origin } = await serve(root, POLICY);
const browser = await launch();
for (const [width, height, colorScheme] of LOOKS) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  context.setDefaultTimeout(120_000); // a machine with other work takes its time
  const page = await context.newPage();
  let label = "";
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin)) problems.push(`${label}: asks for ${request.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`${label}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`${label}: ${error}`));
  for (const path of pages(root).filter((each) => !DECISION.test(each))) {
    label = `${path} at ${width} px, ${colorScheme}`;
    await look(page, origin, path, label);
  }
  label = `search at ${width} px, ${colorScheme}`;
  await search(page, origin, "redrive", "/docs/deploy/");
  await context.close();
}
await browser.close();
server.close();
for (const problem of problems) console.log(problem);
console.log(`${looked} pages looked at: ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
