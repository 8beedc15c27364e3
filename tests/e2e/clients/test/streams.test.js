// One conversation's life, followed by every client that a browser has: all see the same events in the same order.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EventSource } from "eventsource";
import { streams } from "../doors.js";
import { ConversationEventService } from "../generated/agentserver/conversation/v1/event_service_pb.js";

const { AGENTSERVER_URL: url, AGENTSERVER_TOKEN: token } = process.env;
const authorization = `Bearer ${token}`;

async function call(method, path, body) {
  const headers = { authorization, "content-type": "application/json" };
  const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.status === 204 ? undefined : response.json();
}

const begin = async () => (await call("POST", "/v1/conversations", { title: "followed" })).id;
const say = (id, content) => call("POST", `/v1/conversations/${id}/messages`, { role: "user", content });
const end = (id) => call("DELETE", `/v1/conversations/${id}`);
const watch = (id) => `/v1/conversations/${id}:watch`;
const ticket = async (path) => (await call("POST", "/v1/tickets", { path })).ticket;
const snake = (name) => name?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What a client saw: number and name of each event but heartbeats. */
const seen = (events) =>
  events.filter(([, name]) => name !== "heartbeat").map(([seq, name]) => `${seq} ${name}`);

/** Follows with EventSource until the stream says that it ends; returns when the stream is open. */
async function followWithEventSource(id, query = "") {
  const path = watch(id);
  const source = new EventSource(`${url}${path}?ticket=${await ticket(path)}${query}`);
  const events = [];
  const names = ["message_created", "conversation_updated", "conversation_deleted", "snapshot", "heartbeat"];
  const done = new Promise((resolve, reject) => {
    names.forEach((name) => source.addEventListener(name, (event) => events.push([event.lastEventId, name])));
    source.addEventListener("end", (event) => {
      source.close();
      resolve([...events, [event.lastEventId, "end"]]);
    });
    source.addEventListener("error", (event) => {
      if (source.readyState === EventSource.CLOSED) reject(new Error(`${event.code} ${event.message}`));
    });
  });
  const open = new Promise((resolve) => source.addEventListener("open", resolve));
  await Promise.race([open, done]);
  return { source, done };
}

/** Follows with fetch, line by line. */
async function followWithFetch(id) {
  const response = await fetch(url + watch(id), { headers: { authorization, accept: "application/x-ndjson" } });
  const text = await response.text();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ seq, conversation_id, created_at, ...rest }) => [seq, Object.keys(rest)[0]]);
}

async function followWithGrpcWeb(door, id) {
  const events = [];
  for await (const message of door(url, token)(ConversationEventService).watchConversation({ conversationId: id })) {
    events.push([String(message.seq), snake(message.event.case)]);
  }
  return events;
}

describe("a conversation is followed", () => {
  it("to its end, by everybody alike", async () => {
    const id = await begin();
    await say(id, "one");
    const { done } = await followWithEventSource(id);
    const others = [followWithFetch(id), ...Object.values(streams).map((door) => followWithGrpcWeb(door, id))];
    await say(id, "two");
    await end(id);

    const events = seen(await done);
    assert.equal(events.filter((event) => event.endsWith(" message_created")).length, 2);
    assert.match(events.at(-2), / conversation_deleted$/);
    assert.match(events.at(-1), / end$/);
    for (const other of await Promise.all(others)) {
      assert.deepEqual(seen(other), events);
    }
  });

  it("by EventSource from where it is told", async () => {
    const id = await begin();
    await say(id, "one");
    const { done } = await followWithEventSource(id, "&after_seq=1");
    await say(id, "two");
    await end(id);

    const numbers = seen(await done).map((event) => Number(event.split(" ")[0]));
    assert.equal(numbers[0], 2);
    assert.deepEqual(
      numbers.slice(0, -1),
      numbers.slice(0, -1).map((_, place) => place + 2),
    );
  });

  it("by EventSource with a ticket for its own path only", async () => {
    const [mine, other] = [await begin(), await begin()];
    const source = new EventSource(`${url}${watch(mine)}?ticket=${await ticket(watch(other))}`);
    const code = await new Promise((resolve) => source.addEventListener("error", (event) => resolve(event.code)));
    assert.equal(code, 401);
    assert.equal(source.readyState, EventSource.CLOSED);
  });

  it("by nobody whose ticket is sent as a token", async () => {
    const id = await begin();
    const stolen = `Bearer ${await ticket(watch(id))}`;
    const response = await fetch(url + watch(id), { headers: { authorization: stolen } });
    assert.equal(response.status, 401);
    const asTicket = await fetch(`${url}${watch(id)}?ticket=${token}`);
    assert.equal(asTicket.status, 401);
  });
});
