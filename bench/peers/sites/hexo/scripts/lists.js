/* The lists that the other sites have: the newest posts, those of each month, those of each tag. */
"use strict";

const NEWEST = 20;

hexo.extend.generator.register("lists", ({ posts, tags }) => {
  const sorted = posts.sort("-date").toArray();
  const months = new Map();
  for (const post of sorted) {
    const month = post.date.format("YYYY-MM");
    if (!months.has(month)) months.set(month, []);
    months.get(month).push(post);
  }
  const list = (path, title, members) => ({ path, layout: ["list"], data: { title, members } });
  return [
    list("", hexo.config.title, sorted.slice(0, NEWEST)),
    ...[...months].map(([month, members]) => list(`${month.replace("-", "/")}/`, month, members)),
    ...tags.map((tag) => list(tag.path, tag.name, tag.posts.sort("-date").limit(NEWEST).toArray())),
  ];
});
