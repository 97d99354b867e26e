// Each kind of page as browsers and assistive technology meet it: node check.mjs SITE…
import { createRequire } from "node:module";
import { launch, PAGES } from "./browser.mjs";
import { serve } from "./server.mjs";

const require = createRequire(import.meta.url);
const axe = require("axe-core").source;
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const problems = [];
let checked = 0;

// Sums layout shifts from the first paint on (web.dev/articles/cls, without the session windows).
const WATCH_SHIFTS = `
  window.shifted = 0;
  window.moved = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      window.shifted += entry.value;
      for (const { node } of entry.sources) window.moved.push(node?.outerHTML?.slice(0, 100) ?? node?.nodeName);
    }
  }).observe({ type: "layout-shift", buffered: true });
`;

async function look(page, origin, path, label) {
  const here = [];
  const complain = (text) => here.push(`${label}: ${text}`);
  const onRequest = (request) => {
    if (!request.url().startsWith(origin)) complain(`asks for ${request.url()}`);
  };
  const onConsole = (message) => {
    // The answer to an absent page is a 404, and the browser says so.
    if (message.type() === "error" && !/status of 404/.test(message.text())) complain(message.text());
  };
  page.on("request", onRequest);
  page.on("console", onConsole);
  page.on("pageerror", complain);
  await page.goto(origin + path, { waitUntil: "load" });
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 400) {
      window.scrollTo(0, y);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    // What is below the fold loads now at the latest.
    for (const image of document.images) image.loading = "eager";
    await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  const found = await page.evaluate(() => ({
    broken: [...document.images].filter((i) => !i.complete || !i.naturalWidth).map((i) => i.src),
    shifted: window.shifted,
    moved: window.moved,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }));
  if (found.shifted > 0) complain(`layout shifts by ${found.shifted}: ${found.moved.join(", ")}`);
  if (found.wide > 0) complain(`scrolls sideways by ${found.wide} px`);
  for (const source of found.broken) complain(`image does not load: ${source}`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), TAGS);
  for (const { id, help, nodes } of violations) complain(`${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
  page.removeAllListeners();
  problems.push(...here);
  checked += 1;
}

const browser = await launch();
for (const root of process.argv.slice(2)) {
  const { server, origin } = await serve(root);
  // A browser just started may lay out its first page before it has its fonts. That page is opened
  // apart, so that every page that is judged is loaded as by a first visitor, with nothing cached.
  const start = await browser.newContext();
  await (await start.newPage()).goto(origin);
  await start.close();
  for (const [width, height, colorScheme] of [[320, 640, "light"], [320, 640, "dark"], [1200, 900, "light"], [1200, 900, "dark"]]) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme });
    await context.addInitScript(WATCH_SHIFTS);
    const page = await context.newPage();
    for (const [kind, path] of Object.entries(PAGES)) {
      await look(page, origin, path, `${kind} at ${width} px, ${colorScheme}`);
    }
    await context.close();
  }
  server.close();
}
await browser.close();
for (const problem of problems) console.error(problem);
console.log(`${checked} pages looked at: ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
