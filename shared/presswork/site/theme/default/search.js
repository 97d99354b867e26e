// Search over the periods of the site, newest first; nothing is read before the first word.
// What it reads is made by presswork/site/search.py.
"use strict";

(() => {
  const MOST = 20;
  const AT_ONCE = 8;
  const UNSPACED = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;
  const query = document.getElementById("pw-query");
  const found = document.getElementById("pw-found");
  const results = document.getElementById("pw-results");
  const more = document.getElementById("pw-more");
  const kept = new Map();
  let turn = 0;

  const read = (path, understand) => {
    if (!kept.has(path)) {
      kept.set(path, fetch(path).then((answer) => {
        if (!answer.ok) throw new Error(path);
        return answer.json();
      }).then(understand));
      kept.get(path).catch(() => kept.delete(path));
    }
    return kept.get(path);
  };

  // Words without case and accents, and runs of characters where no space parts words.
  const split = (text) => {
    const folded = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const runs = (folded.match(UNSPACED) ?? []).map((run) => [...run]);
    return [runs, folded.replace(UNSPACED, " ").match(/[\p{L}\p{N}]+/gu) ?? []];
  };

  // What a post has to have: whole pairs of characters, or words that begin so.
  const wanted = (text) => {
    const [runs, words] = split(text);
    const pairs = runs.flatMap((run) => {
      if (run.length === 1) return run;
      return run.slice(1).map((character, at) => run[at] + character);
    });
    return [...new Set([...pairs, ...words])];
  };

  // What a post has: every pair of characters, the last character alone, and its words.
  const tokens = (text) => {
    const [runs, words] = split(text);
    return [...runs.flatMap((run) => run.map((character, at) => character + (run[at + 1] ?? ""))), ...words];
  };

  const posts = (period) => read(`/-/search/${period}.json`, (listed) =>
    listed.map(([path, title, summary, day, lang = document.documentElement.lang]) => (
      { path, title, summary, day, lang, tokens: tokens(`${title} ${summary}`) }
    )));

  const matches = async (period, words) => (await posts(period)).filter((post) =>
    words.every((word) => post.tokens.some((token) => token.startsWith(word))));

  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  const show = ({ path, title, summary, day, lang }) => {
    const href = encodeURI(path).replace(/[?#]/g, (each) => encodeURIComponent(each));
    const link = make("a", { href, textContent: title || path });
    const text = summary ? [make("p", { className: "summary", textContent: summary })] : [];
    const date = make("p", { className: "date", lang: document.documentElement.lang, textContent: day });
    results.append(make("li", { lang, dir: "auto" }, make("h2", {}, link), ...text, date));
  };

  // Goes on from where the last look ended, until there is a screenful or no period is left. A frequent
  // word is found in the newest one; after each that has too few, twice as many are read at once.
  async function look(mine, words, from) {
    const periods = await read("/-/search/periods.json", (named) => named);
    let shown = 0;
    let next = from;
    let atOnce = 1;
    while (next < periods.length && shown < MOST) {
      const some = periods.slice(next, next + atOnce);
      const matching = (await Promise.all(some.map((period) => matches(period, words)))).flat();
      if (mine !== turn) return;
      matching.forEach(show);
      shown += matching.length;
      next += atOnce;
      atOnce = Math.min(2 * atOnce, AT_ONCE);
    }
    const total = results.children.length;
    found.textContent = total ? found.dataset.found.replace("{}", total) : found.dataset.nothing;
    more.hidden = next >= periods.length;
    more.onclick = () => search(mine, words, next);
  }

  async function search(mine, words, from) {
    try {
      await look(mine, words, from);
    } catch {
      if (mine === turn) found.textContent = found.dataset.failed;
    }
  }

  const begin = () => {
    turn += 1;
    const words = wanted(query.value);
    results.replaceChildren();
    more.hidden = true;
    found.textContent = "";
    if (words.length) search(turn, words, 0);
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
