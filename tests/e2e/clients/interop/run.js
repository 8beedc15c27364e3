// Every client does every case; a line of JSON for each says what came of it.
import { XMLHttpRequest } from "../xhr.js";
import { cases } from "./cases.js";
import { clients } from "./clients.js";

globalThis.XMLHttpRequest = XMLHttpRequest; // grpc-web is made for browsers.

for (const [client, door] of Object.entries(clients)) {
  for (const [name, attempt] of Object.entries(cases)) {
    let failure = "";
    try {
      await attempt(door.open(process.env.AGENTSERVER_URL), door);
    } catch (error) {
      failure = String(error);
    }
    console.log(JSON.stringify({ client, case: name, failure }));
  }
}
process.exit();
