"""Bodies that are large, deep, wide or unfinished: what takes a careless reader minutes."""

BODIES = [
    "<p>" + "<div>" * 250 + "<span> </span>" * 40_000,
    "<p></p>" * 45_000,
    "<li>a" * 50_000,
    "- a\n" * 50_000,
    "[" * 500 + "a" + "]" * 500,
    "<div>" + "\n" * 500_000,
    "<div " + "data-x='y' " * 60_000 + ">",
    "<p><img src='https://x.example/" + "/aHR0c" * 200_000 + "'>",
    "<p style='" + "url(" * 200_000 + "'>x",
    "<p>" + "[caption" * 100_000,
    "<p>" + "<a name=x></a><a href='#x'>y</a>" * 9_000,
    "<!--" * 200_000,
    "<p>" + "&#" * 100_000,
    "<p>" + "<img data-src='" * 50_000,
    "<p>" + "<noscript>" * 200,
    "<p>" + ("<div><img src=https://x.example/a.png></div>x" * 2_000),
    '<a href="' * 100_000,
]
