// Lighthouse on a post with images, the median of five runs: node lighthouse.mjs SITE [PATH]
import { launch as launchChrome } from "chrome-launcher";
import lighthouse from "lighthouse";
import { CHROMIUM, FLAGS, PAGES } from "./browser.mjs";
import { serve } from "./server.mjs";

const RUNS = 5;
const LEAST = 99;
const [root, path = PAGES.cover] = process.argv.slice(2);
const { server, origin } = await serve(root);
const scores = new Map();
for (let run = 0; run < RUNS; run += 1) {
  const chrome = await launchChrome({ chromePath: CHROMIUM, chromeFlags: ["--headless", ...FLAGS] });
  const { lhr } = await lighthouse(origin + path, { port: chrome.port, logLevel: "error" });
  for (const [name, { score }] of Object.entries(lhr.categories)) {
    scores.set(name, [...(scores.get(name) ?? []), Math.round(score * 100)]);
  }
  if (run === 0) {
    for (const audit of Object.values(lhr.audits)) {
      if (audit.score !== null && audit.score < 1) console.error(`${audit.id}: ${audit.score} ${audit.title}`);
    }
  }
  chrome.kill();
}
server.close();
let low = false;
for (const [name, found] of scores) {
  const median = found.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)];
  low ||= median < LEAST;
  console.log(`${name}: ${median} (${found.join(" ")})`);
}
process.exit(low ? 1 : 0);
