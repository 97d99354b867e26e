// What an author sees while writing: node serve.mjs ORIGIN PATH FILE OLD NEW saves FILE with NEW in the place
// of OLD, which breaks it, then as it was with a word at its end, and prints what the page at PATH shows.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { launch } from "./browser.mjs";

const axe = createRequire(import.meta.url)("axe-core").source;
const [origin, path, file, before, after] = process.argv.slice(2);
const sound = readFileSync(file, "utf8");
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 400, height: 700 }, colorScheme: "dark" });
const refused = [];
page.on("console", (message) => refused.push(message.text()));
page.on("pageerror", (error) => refused.push(String(error)));
await page.goto(origin + path);
const panel = page.locator("presswork-serve .panel");
const unmarked = await panel.count();

writeFileSync(file, sound.replace(before, after));
await panel.locator(".error").waitFor();
const place = await panel.locator(".place").textContent();
const { x, width, y, height } = await panel.boundingBox();
const fits = x >= 0 && x + width <= 400 && y >= 350 && y + height <= 700;
const font = await panel.evaluate((element) => getComputedStyle(element).fontSize);
const said = [...refused]; // axe itself breaks the policy
await page.evaluate(axe);
const { violations } = await page.evaluate(() => window.axe.run("presswork-serve"));
const text = await page.textContent("main");

writeFileSync(file, `${sound}\nMended.\n`);
await page.getByText("Mended.").waitFor();
const left = await panel.count();
console.log(JSON.stringify({
  unmarked, place, fits, font, text: text.includes("Mended."), left, refused: said, violations: violations.flatMap((each) => [each.id, ...each.nodes.map((node) => node.html)]),
}));
await browser.close();
