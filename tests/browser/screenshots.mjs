// Pictures of each kind of page: node screenshots.mjs OUT SITE SITE_IN_CHINESE [--sheets]
// Whole pages, to be looked at; with --sheets two sheets of what a screen shows, for the README.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch, PAGES } from "./browser.mjs";
import { serve } from "./server.mjs";

const [out, ...rest] = process.argv.slice(2);
const sheets = rest.includes("--sheets");
const roots = rest.filter((each) => each !== "--sheets");
const SIZES = [["wide", 1200, 900], ["narrow", 360, 900]];
mkdirSync(out, { recursive: true });

async function shoot(page, url, options) {
  await page.goto(url, { waitUntil: "load" });
  // Images below the fold load when they are scrolled to.
  await page.evaluate(() => Promise.all([...document.images].map((image) => {
    image.loading = "eager";
    return image.decode().catch(() => null);
  })));
  return page.screenshot(options);
}

async function sheet(browser, shots, colorScheme, path) {
  const figures = shots.map(({ name, wide, narrow }) => `<figure><figcaption>${name}</figcaption>
    <img class="wide" src="data:image/png;base64,${wide.toString("base64")}">
    <img src="data:image/png;base64,${narrow.toString("base64")}"></figure>`);
  const [paper, ink] = colorScheme === "light" ? ["#e6e3da", "#24211c"] : ["#0b0a09", "#dcd8cf"];
  const page = await browser.newPage({ viewport: { width: 1640, height: 900 } });
  await page.setContent(`<style>
    body { display: grid; grid-template-columns: repeat(3, 1fr); gap: 20px; margin: 20px; background: ${paper}; color: ${ink}; font: 14px system-ui; }
    figure { display: grid; grid-template-columns: 10fr 3fr; gap: 8px; margin: 0; }
    figcaption { grid-column: 1 / -1; }
    img { width: 100%; border-radius: 3px; }
  </style>${figures.join("")}`, { waitUntil: "load" });
  await page.screenshot({ path, fullPage: true });
  await page.close();
}

const browser = await launch();
const shots = { light: [], dark: [] };
for (const [at, root] of roots.entries()) {
  const { server, origin } = await serve(root);
  const kinds = Object.entries(PAGES).filter(([kind]) => at === 0 || ["home", "chinese", "archives", "tag"].includes(kind));
  for (const colorScheme of ["light", "dark"]) {
    const found = kinds.map(([kind]) => ({ name: at ? `${kind}, in Chinese` : kind }));
    for (const [size, width, height] of SIZES) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme });
      const page = await context.newPage();
      for (const [index, [kind, path]] of kinds.entries()) {
        const file = join(out, `${at ? "zh-" : ""}${kind}-${size}-${colorScheme}.png`);
        const options = sheets ? {} : { path: file, fullPage: true };
        found[index][size] = await shoot(page, origin + path, options);
      }
      await context.close();
    }
    shots[colorScheme].push(...found);
  }
  server.close();
}
if (sheets) {
  for (const [scheme, found] of Object.entries(shots)) await sheet(browser, found, scheme, join(out, `theme-${scheme}.png`));
}
await browser.close();
