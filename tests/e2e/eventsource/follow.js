// Follows a conversation with the EventSource of npm, which comes back by itself after a lost connection, with Last-Event-ID.
// An answer that is no stream (503 while the server starts) ends an EventSource for good; then a new one is made, which names
// the last event in its URL. Prints each event as a line of JSON.
import { EventSource } from "eventsource";

const { AGENTSERVER_URL, AGENTSERVER_TOKEN, CONVERSATION, TYPES } = process.env;
const watch = new URL(`/v1/conversations/${CONVERSATION}:watch`, AGENTSERVER_URL);

const authorized = (url, init) =>
  fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${AGENTSERVER_TOKEN}` } });

const print = (event) =>
  console.log(JSON.stringify({ id: event.lastEventId, type: event.type, data: event.data }));

function open(last) {
  if (last) {
    watch.searchParams.set("after_seq", last);
  }
  const source = new EventSource(watch, { fetch: authorized });
  for (const type of TYPES.split(",")) {
    source.addEventListener(type, (event) => {
      last = event.lastEventId;
      print(event);
    });
  }
  source.addEventListener("message", print);
  source.addEventListener("error", (event) => {
    if (event.data) {
      print(event);
    }
    if (source.readyState === EventSource.CLOSED) {
      console.error(`closed: ${event.code ?? ""} ${event.message ?? ""}`);
      setTimeout(open, 100, last);
    }
  });
}

open();
