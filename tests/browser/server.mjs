// Serves a built site on loopback as CloudFront would: index documents, 404, and the template's own CSP.
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { createGzip } from "node:zlib";

const TYPES = {
  ".avif": "image/avif", ".css": "text/css; charset=utf-8", ".gif": "image/gif",
  ".html": "text/html; charset=utf-8", ".jpeg": "image/jpeg", ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8", ".png": "image/png", ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8", ".webp": "image/webp", ".xml": "application/xml; charset=utf-8",
};
const TEXT = new Set([".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"]);

const template = readFileSync(new URL("../../template.yaml", import.meta.url), "utf8");
const policy = /ContentSecurityPolicy: >-\n((?: {14}\S.*\n)+)/.exec(template);
if (!policy) throw new Error("template.yaml has no Content-Security-Policy");
export const CSP = policy[1].trim().replace(/\s+/g, " ");

export function serve(root, policy = CSP) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    let file = join(root, path.endsWith("/") ? `${path}index.html` : path);
    let status = 200;
    if (!existsSync(file) || statSync(file).isDirectory()) [file, status] = [join(root, "404.html"), 404];
    const type = extname(file);
    const immutable = /^\/(assets|media)\//.test(path);
    const headers = {
      "Cache-Control": immutable ? "public, max-age=31536000, immutable" : "public, max-age=0",
      "Content-Security-Policy": policy,
      "Content-Type": TYPES[type] ?? "application/octet-stream",
      "X-Content-Type-Options": "nosniff",
    };
    if (TEXT.has(type)) {
      response.writeHead(status, { ...headers, "Content-Encoding": "gzip" });
      createReadStream(file).pipe(createGzip()).pipe(response);
    } else {
      response.writeHead(status, headers);
      createReadStream(file).pipe(response);
    }
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve({ server, origin: `http://127.0.0.1:${server.address().port}` }));
  });
}
