// Pictures of each kind of page: node screenshots.mjs SITE OUT [kind…]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch, PAGES } from "./browser.mjs";
import { serve } from "./server.mjs";

const [root, out, ...only] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const { server, origin } = await serve(root);
const browser = await launch();
for (const [size, width, height] of [["wide", 1200, 900], ["narrow", 360, 760]]) {
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, deviceScaleFactor: 1 });
    const page = await context.newPage();
    for (const [kind, path] of Object.entries(PAGES)) {
      if (only.length && !only.includes(kind)) continue;
      await page.goto(origin + path, { waitUntil: "networkidle" });
      // Images below the fold load when they are scrolled to.
      await page.evaluate(() => document.querySelectorAll("img").forEach((image) => { image.loading = "eager"; }));
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: join(out, `${kind}-${size}-${colorScheme}.png`), fullPage: true });
    }
    await context.close();
  }
}
await browser.close();
server.close();
