import { feedPlugin } from "@11ty/eleventy-plugin-rss";

const SITE = { title: "The Slow Ferry", url: "https://ferry.example" };

/** The posts under each word that `wordsOf` finds in them, newest first. */
function grouped(posts, wordsOf) {
  const groups = new Map();
  for (const post of posts) {
    for (const word of wordsOf(post)) {
      if (!groups.has(word)) groups.set(word, []);
      groups.get(word).push(post);
    }
  }
  return [...groups].map(([word, members]) => ({ word, members }));
}

export default function (config) {
  const newestFirst = (api) => api.getFilteredByGlob("posts/*.md").reverse();
  config.addGlobalData("site", SITE);
  config.addFilter("day", (date) => date.toISOString().slice(0, 10));
  config.addCollection("newest", (api) => newestFirst(api).slice(0, 20));
  config.addCollection("months", (api) =>
    grouped(newestFirst(api), (post) => [post.date.toISOString().slice(0, 7)]));
  config.addCollection("terms", (api) => grouped(newestFirst(api), (post) => post.data.words));
  config.addPlugin(feedPlugin, {
    type: "atom",
    outputPath: "/feed.xml",
    collection: { name: "posts", limit: 20 },
    metadata: { language: "en", title: SITE.title, base: SITE.url, author: { name: SITE.title } },
  });
  return { htmlTemplateEngine: "liquid", markdownTemplateEngine: false };
}
