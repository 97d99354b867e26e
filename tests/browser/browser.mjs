// The browser of these checks, and the kinds of pages that the sample site has.
import { chromium } from "playwright-core";

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
];

export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

export const PAGES = {
  home: "/",
  post: "/2025/02/everything/",
  cover: "/2025/01/the-keepers-year/",
  chinese: "/2025/02/zh/",
  rtl: "/2025/02/rtl/",
  month: "/2025/02/",
  year: "/2025/",
  archives: "/archives/",
  tag: "/tags/typography/",
  yearOfTag: "/tags/typography/2025.html",
  tags: "/tags/",
  longWords: "/2025/02/long-words/",
  beside: "/2025/03/beside/",
  listed: "/tags/long/",
  listedByYear: "/tags/long/2025.html",
  category: "/categories/workshop/typography/",
  author: "/authors/ines-vale/",
  series: "/series/how-pages-are-set/",
  search: "/search/",
  absent: "/no/such/page/",
};
