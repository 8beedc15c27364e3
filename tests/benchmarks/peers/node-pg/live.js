// A live stream as such applications usually have it: LISTEN on a connection of its own, server-sent events to every watcher, the
// event in the notification.
import pg from 'pg';

export async function live(app) {
  const watchers = new Map();
  const listener = new pg.Client();
  await listener.connect();
  await listener.query('listen said');
  listener.on('notification', ({ payload }) => {
    const event = JSON.parse(payload);
    const frame = `id: ${event.seq}\nevent: message_created\ndata: ${payload}\n\n`;
    for (const response of watchers.get(event.conversation_id) ?? []) response.write(frame);
  });

  app.get('/conversations/:id/events', (request, response) => {
    const { id } = request.params;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    if (!watchers.has(id)) watchers.set(id, new Set());
    watchers.get(id).add(response);
    request.on('close', () => watchers.get(id).delete(response));
  });
}
