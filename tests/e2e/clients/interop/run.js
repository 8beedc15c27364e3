// Runs all cases, in Node or in the browser that BROWSER names; a line of JSON for each says what came of it.
import { XMLHttpRequest } from "../xhr.js";
import { attemptAll } from "./attempt.js";
import { inBrowser } from "./browser.js";

const { AGENTSERVER_URL: gateway, BROWSER: browser } = process.env;
const report = (end) => console.log(JSON.stringify(end));

if (browser) {
  await inBrowser(browser, gateway, report);
} else {
  globalThis.XMLHttpRequest = XMLHttpRequest; // grpc-web is made for browsers.
  await attemptAll(gateway, report);
}
process.exit();
