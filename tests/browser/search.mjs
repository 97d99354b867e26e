// What a reader finds: node search.mjs SITE WORDS… prints, for each, the titles and the bytes it took.
import { launch } from "./browser.mjs";
import { serve } from "./server.mjs";

const [root, ...queries] = process.argv.slice(2);
const { server, origin } = await serve(root);
const browser = await launch();
for (const query of queries) {
  const page = await browser.newPage();
  const sizes = [];
  page.on("requestfinished", (request) => sizes.push(request.sizes()));
  await page.goto(`${origin}/search/`, { waitUntil: "load" });
  const before = sizes.length;
  await page.fill("#pw-query", query);
  await page.waitForFunction(() => document.getElementById("pw-found").textContent !== "");
  const titles = await page.$$eval("#pw-results h2 a", (links) => links.map((link) => link.textContent));
  const links = await page.$$eval("#pw-results h2 a", (all) => all.map((link) => link.getAttribute("href")));
  const bytes = (await Promise.all(sizes)).reduce((sum, each) => sum + each.responseBodySize, 0);
  const said = await page.textContent("#pw-found");
  console.log(JSON.stringify({ query, titles, links, bytes, said, unasked: before > 0 && sizes.length === before }));
  await page.close();
}
await browser.close();
server.close();
