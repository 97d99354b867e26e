// node eleventy_img.cjs URLS.json OUT CACHE METHOD QUALITY WIDTH: one WebP of each remote image.
"use strict";
const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");

const module_ = createRequire(path.join(process.cwd(), "node_modules", "here.cjs"))(
  "@11ty/eleventy-img",
);
// It is an ES module since its version 7.
const Image = module_.default ?? module_;
const [urls, outputDir, directory, effort, quality, width] = process.argv.slice(2);

const options = {
  widths: [Number(width)],
  formats: ["webp"],
  outputDir,
  urlPath: "/img/",
  cacheOptions: { duration: "1d", directory },
  sharpWebpOptions: { quality: Number(quality), effort: Number(effort) },
};

Promise.all(JSON.parse(fs.readFileSync(urls, "utf8")).map((url) => Image(url, options))).catch(
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
