/** The management of flags over REST, as their owner. */
const { AGENTSERVER_URL: url, AGENTSERVER_KEY: key } = process.env;

async function call(method, path, body) {
  const response = await fetch(`${url}/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  }
  return response.json();
}

export const create = (name, definition) => call("POST", "flags", { key: name, definition });
export const update = (name, definition) => call("PATCH", `flags/${name}`, { definition });
export const kill = (name) => call("POST", `flags/${name}:kill`, {});

/** Names that no other run has. */
const run = `${process.pid}-${Date.now()}`;
export const named = (name) => `${name}-${run}`;

const enabled = (variants, more = {}) => ({
  state: "ENABLED",
  variants,
  defaultVariant: Object.keys(variants)[0],
  ...more,
});

export const definitions = {
  boolean: enabled({ on: true, off: false }),
  string: enabled({ red: "#f00", blue: "#00f" }),
  number: enabled({ half: 0.5, two: 2 }),
  object: enabled({ full: { size: 3, tags: ["a", "b"] } }),
  targeted: enabled(
    { standard: "standard", staff: "staff" },
    { targeting: { if: [{ ends_with: [{ var: "email" }, "@agentserver.example"] }, "staff"] } },
  ),
  fractional: enabled(
    { a: "a", b: "b" },
    { targeting: { fractional: [{ cat: [{ var: "$flagd.flagKey" }, { var: "targetingKey" }] }, ["a", 50], ["b", 50]] } },
  ),
  disabled: enabled({ on: true }, { state: "DISABLED" }),
};
