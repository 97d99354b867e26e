// Search over the periods of the site, newest first; nothing is read before the first word.
// Words and the parts of the index are those of presswork/site/search.py.
"use strict";

(() => {
  const PARTS = 4;
  const MOST = 20;
  const AT_ONCE = 12;
  const UNSPACED = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;
  const query = document.getElementById("pw-query");
  const found = document.getElementById("pw-found");
  const results = document.getElementById("pw-results");
  const more = document.getElementById("pw-more");
  const kept = new Map();
  let turn = 0;

  const read = (path) => {
    if (!kept.has(path)) {
      kept.set(path, fetch(path).then((answer) => {
        if (!answer.ok) throw new Error(path);
        return answer.json();
      }));
      kept.get(path).catch(() => kept.delete(path));
    }
    return kept.get(path);
  };

  // What a post has to have: whole pairs of characters, or words that begin so.
  const wanted = (text) => {
    const folded = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const pairs = (folded.match(UNSPACED) ?? []).flatMap((run) => {
      const characters = [...run];
      if (characters.length === 1) return characters;
      return characters.slice(1).map((character, at) => characters[at] + character);
    });
    const words = folded.replace(UNSPACED, " ").match(/[\p{L}\p{N}]+/gu) ?? [];
    return [...new Set([...pairs, ...words])];
  };

  const places = async (period, token) => {
    const part = await read(`/-/search/${period}/${token.codePointAt(0) % PARTS}.json`);
    return new Set(Object.entries(part).flatMap(([each, some]) => (each.startsWith(token) ? some : [])));
  };

  const matches = async (period, tokens) => {
    const [first, ...others] = await Promise.all(tokens.map((token) => places(period, token)));
    const common = [...first].filter((place) => others.every((some) => some.has(place)));
    if (!common.length) return [];
    const posts = await read(`/-/search/${period}/posts.json`);
    return common.sort((a, b) => a - b).map((place) => posts[place]);
  };

  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  const show = ([path, title, summary, day, lang]) => {
    const href = encodeURI(path).replace(/[?#]/g, (each) => encodeURIComponent(each));
    const link = make("a", { href, textContent: title || path });
    const text = summary ? [make("p", { className: "summary", textContent: summary })] : [];
    const date = make("p", { className: "date", lang: document.documentElement.lang, textContent: day });
    results.append(make("li", { lang, dir: "auto" }, make("h2", {}, link), ...text, date));
  };

  // Goes on from where the last look ended, until there is a screenful or no month is left.
  async function look(mine, tokens, from) {
    const periods = await read("/-/search/periods.json");
    let shown = 0;
    let next = from;
    while (next < periods.length && shown < MOST) {
      const some = periods.slice(next, next + AT_ONCE);
      const posts = (await Promise.all(some.map((period) => matches(period, tokens)))).flat();
      if (mine !== turn) return;
      posts.forEach(show);
      shown += posts.length;
      next += AT_ONCE;
    }
    const total = results.children.length;
    found.textContent = total ? found.dataset.found.replace("{}", total) : found.dataset.nothing;
    more.hidden = next >= periods.length;
    more.onclick = () => search(mine, tokens, next);
  }

  async function search(mine, tokens, from) {
    try {
      await look(mine, tokens, from);
    } catch {
      if (mine === turn) found.textContent = found.dataset.failed;
    }
  }

  const begin = () => {
    turn += 1;
    const tokens = wanted(query.value);
    results.replaceChildren();
    more.hidden = true;
    found.textContent = "";
    if (tokens.length) search(turn, tokens, 0);
  };

  let waiting = 0;
  query.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(begin, 200);
  });
  query.form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin();
  });
  query.disabled = false;
  query.value ||= new URLSearchParams(location.search).get("q") ?? "";
  if (query.value) begin();
})();
