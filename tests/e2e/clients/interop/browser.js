// The same in a real browser: serves it a page of another origin than the gateway's, which runs every case and sends back what
// came of it. Nothing is bundled: the page maps the packages' names to their modules.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, normalize } from "node:path";

const ROOT = new URL("..", import.meta.url).pathname;
const MODULES = ["@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-web", "grpc-web"];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function importMap() {
  const imports = {};
  for (const name of MODULES) {
    const { exports, module } = JSON.parse(readFileSync(join(ROOT, "node_modules", name, "package.json")));
    for (const [path, file] of Object.entries(exports ?? { ".": { import: module } })) {
      if (file.import) imports[join(name, path)] = "/" + join("node_modules", name, file.import);
    }
  }
  return { imports };
}

const page = (gateway) => `<!doctype html><script type="importmap">${JSON.stringify(importMap())}</script>
<script type="module">
  import { attemptAll } from "/interop/attempt.js";
  await attemptAll("${gateway}", (end) => fetch("/end", { method: "POST", body: JSON.stringify(end) }));
  await fetch("/over", { method: "POST" });
</script>`;

/** Runs all cases in the browser of that path; hears of each. */
export function inBrowser(program, gateway, report) {
  const profile = mkdtempSync(join(ROOT, "profile-"));
  return new Promise((resolve) => {
    const server = createServer(async (request, response) => {
      if (request.method === "POST") {
        const body = (await request.toArray()).join("");
        response.end();
        if (request.url === "/over") return over();
        return report(JSON.parse(body));
      }
      try {
        const isPage = request.url === "/";
        const content = isPage ? page(gateway) : readFileSync(join(ROOT, normalize(request.url)));
        response.setHeader("content-type", isPage ? "text/html" : "text/javascript").end(content);
      } catch {
        response.writeHead(404).end();
      }
    });
    let browser;
    const over = () => {
      browser.once("exit", resolve);
      browser.kill();
    };
    server.listen(0, "127.0.0.1", () => {
      const url = `http://127.0.0.1:${server.address().port}/`;
      browser = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, url], { stdio: "ignore" });
    });
  });
}
