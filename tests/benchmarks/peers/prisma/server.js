// Messages by express and Prisma, as such applications are usually written: one interactive transaction for an append. Nobody is
// authenticated; the caller is the member that the environment names.
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '@prisma/client';
import express from 'express';

const { TENANT: tenantId, MEMBER: userId } = process.env;
const adapter = new PrismaPg({ max: 8 }, { schema: 'conversation' });
const prisma = new PrismaClient({ adapter });
const app = express();
app.use(express.json());
BigInt.prototype.toJSON = function () {
  return this.toString();
};

const append = (conversationId, { role, content }) =>
  prisma.$transaction(async (db) => {
    const now = new Date();
    const { lastEventSeq } = await db.conversation.update({
      where: {
        tenantId_id: { tenantId, id: conversationId },
        deletedAt: null,
        members: { some: { userId, role: { in: ['EDITOR', 'OWNER'] } } },
      },
      data: {
        lastEventSeq: { increment: 1 },
        messageCount: { increment: 1 },
        preview: content.slice(0, 200),
        lastEventAt: now,
        lastActivityAt: now,
      },
      select: { lastEventSeq: true },
    });
    const id = crypto.randomUUID();
    const { leafDepth } = await db.branch.update({
      where: { tenantId_conversationId_branchNo: { tenantId, conversationId, branchNo: 0 } },
      data: { leafDepth: { increment: 1 }, leafMessageId: id },
      select: { leafDepth: true },
    });
    const message = await db.message.create({
      data: {
        tenantId, id, conversationId, branchNo: 0, depth: leafDepth, seq: lastEventSeq, role, state: 'COMPLETE', stateReason: '',
        parts: [{ text: content }], partsSeq: lastEventSeq, contentText: content, sizeBytes: Buffer.byteLength(content),
        attachmentCount: 0, authorId: userId, model: '', finishReason: '', metadata: {}, version: 1, createdAt: now,
        updatedAt: now,
      },
    });
    await db.conversationEvent.create({
      data: { tenantId, conversationId, seq: lastEventSeq, type: 'MESSAGE_CREATED', messageId: id, createdAt: now },
    });
    return message;
  });

function json(message) {
  return {
    id: message.id,
    conversation_id: message.conversationId,
    role: message.role,
    content: message.contentText,
    parts: message.parts,
    state: `STATE_${message.state}`,
    seq: message.seq,
    depth: message.depth,
    author_id: message.authorId,
    model: message.model || undefined,
    metadata: message.metadata,
    created_at: message.createdAt,
    updated_at: message.updatedAt,
    etag: `"${message.version}"`,
  };
}

app.post('/conversations/:id/messages', async (request, response) => {
  response.status(201).json(json(await append(request.params.id, request.body)));
});

app.get('/conversations/:id/messages', async (request, response) => {
  const size = Number(request.query.page_size ?? 50);
  const found = await prisma.message.findMany({
    where: {
      tenantId,
      conversationId: request.params.id,
      branchNo: 0,
      depth: { gte: 0 },
      conversation: { deletedAt: null, members: { some: { userId } } },
    },
    orderBy: { depth: 'asc' },
    take: size + 1,
  });
  response.json({ messages: found.slice(0, size).map(json), next_page_token: found.length > size ? String(found[size].depth) : '' });
});

const server = app.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}`));
