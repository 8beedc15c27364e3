import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { FlagdProvider } from "@openfeature/flagd-provider";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { ErrorCode, OpenFeature, ProviderEvents } from "@openfeature/server-sdk";
import { create, definitions, kill, named, update } from "../api.js";

const { AGENTSERVER_URL: url, AGENTSERVER_KEY: key, FLAGD_PORT: port } = process.env;

const providers = {
  flagd: () => new FlagdProvider({ host: "127.0.0.1", port: Number(port), deadlineMs: 10_000 }),
  ofrep: () =>
    new OFREPProvider({ baseUrl: url, headers: { authorization: `Bearer ${key}` } }),
};

before(async () => {
  for (const [name, definition] of Object.entries(definitions)) {
    await create(named(name), definition);
  }
});

after(() => OpenFeature.close());

for (const [name, provider] of Object.entries(providers)) {
  describe(name, () => {
    let client;

    before(async () => {
      await OpenFeature.setProviderAndWait(name, provider());
      client = OpenFeature.getClient(name);
    });

    it("has booleans", async () => {
      const found = await client.getBooleanDetails(named("boolean"), false);
      assert.equal(found.value, true);
      assert.equal(found.variant, "on");
      assert.equal(found.errorCode, undefined);
    });

    it("has strings", async () => {
      assert.equal(await client.getStringValue(named("string"), "none"), "#f00");
    });

    it("has numbers", async () => {
      assert.equal(await client.getNumberValue(named("number"), 0), 0.5);
    });

    it("has objects", async () => {
      const found = await client.getObjectValue(named("object"), {});
      assert.deepEqual(found, { size: 3, tags: ["a", "b"] });
    });

    it("targets", async () => {
      const flag = named("targeted");
      const staff = { email: "x@agentserver.example" };
      assert.equal(await client.getStringValue(flag, "none", staff), "staff");
      assert.equal(await client.getStringValue(flag, "none", { email: "x@b.example" }), "standard");
    });

    it("divides by fractions, the same each time", async () => {
      const flag = named("fractional");
      const of = (user) => client.getStringValue(flag, "none", { targetingKey: user });
      const users = Array.from({ length: 40 }, (_, index) => `user-${index}`);
      const first = await Promise.all(users.map(of));
      assert.deepEqual(new Set(first), new Set(["a", "b"]));
      assert.deepEqual(await Promise.all(users.map(of)), first);
    });

    it("leaves the value of a disabled flag to the application", async () => {
      assert.equal(await client.getBooleanValue(named("disabled"), false), false);
    });

    it("says that a flag is missing", async () => {
      const found = await client.getBooleanDetails("nowhere", true);
      assert.equal(found.value, true);
      assert.equal(found.errorCode, ErrorCode.FLAG_NOT_FOUND);
    });

    it("says that a flag has another type", async () => {
      const found = await client.getBooleanDetails(named("targeted"), true);
      assert.equal(found.errorCode, ErrorCode.TYPE_MISMATCH);
    });

    it("sees a change", async () => {
      const flag = named(`changed-${name}`);
      await create(flag, definitions.boolean);
      assert.equal(await client.getBooleanValue(flag, false), true);
      await update(flag, { ...definitions.boolean, defaultVariant: "off" });
      await eventually(async () => !(await client.getBooleanValue(flag, true)));
    });

    it("sees the kill switch", async () => {
      const flag = named(`killed-${name}`);
      await create(flag, definitions.boolean);
      assert.equal(await client.getBooleanValue(flag, false), true);
      await kill(flag);
      await eventually(async () => !(await client.getBooleanValue(flag, false)));
    });
  });
}

describe("flagd", () => {
  it("is told which flags changed", async () => {
    const flag = named("told");
    const client = OpenFeature.getClient("flagd");
    const told = new Promise((resolve) => {
      client.addHandler(ProviderEvents.ConfigurationChanged, (event) => {
        if (event?.flagsChanged?.includes(flag)) {
          resolve();
        }
      });
    });
    await create(flag, definitions.boolean);
    await told;
  });
});

async function eventually(condition) {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    assert.ok(Date.now() < end, "waited ten seconds in vain");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
