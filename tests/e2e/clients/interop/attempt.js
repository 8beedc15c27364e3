import { cases } from "./cases.js";
import { clients } from "./clients.js";

/** Every client does every case, one after the other; `report` hears what came of each. */
export async function attemptAll(gateway, report) {
  for (const [client, door] of Object.entries(clients)) {
    for (const [name, attempt] of Object.entries(cases)) {
      let failure = "";
      try {
        await attempt(door.open(gateway), door);
      } catch (error) {
        failure = String(error);
      }
      await report({ client, case: name, failure });
    }
  }
}
