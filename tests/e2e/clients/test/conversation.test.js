import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Code, doors } from "../doors.js";
import { ConversationService } from "../generated/agentserver/conversation/v1/conversation_service_pb.js";
import { ConversationView } from "../generated/agentserver/conversation/v1/conversation_pb.js";
import { Message_Role } from "../generated/agentserver/conversation/v1/message_pb.js";
import { MessageService } from "../generated/agentserver/conversation/v1/message_service_pb.js";

const { AGENTSERVER_URL: url, AGENTSERVER_TOKEN: token } = process.env;
const unknown = "018f3b1e-0000-7000-8000-000000000001";
const text = "Grüße, 世界 👩‍🚀 \u202bمرحبا\u202c";

for (const [name, door] of Object.entries(doors)) {
  describe(name, () => {
    const conversations = door(url, token)(ConversationService);
    const messages = door(url, token)(MessageService);
    const begin = () => conversations.createConversation({ title: name });

    it("creates a conversation", async () => {
      const conversation = await begin();
      assert.equal(conversation.title, name);
      assert.match(conversation.id, /^[0-9a-f-]{36}$/);
    });

    it("creates a message and gets it back", async () => {
      const { id } = await begin();
      const draft = { conversationId: id, role: Message_Role.user, content: text };
      const created = await messages.createMessage(draft);
      const read = await messages.getMessage({ messageId: created.id });
      assert.deepEqual(read, created);
      assert.equal(read.content, text);
      assert.equal(read.role, Message_Role.user);
    });

    it("lists the messages of a conversation, page by page", async () => {
      const { id } = await begin();
      for (const content of ["a", "b", "c"]) {
        await messages.createMessage({ conversationId: id, role: Message_Role.user, content });
      }
      const first = await messages.listMessages({ conversationId: id, pageSize: 2 });
      const pageToken = first.nextPageToken;
      const rest = await messages.listMessages({ conversationId: id, pageSize: 2, pageToken });
      const read = [...first.messages, ...rest.messages].map((message) => message.content);
      assert.deepEqual(read, ["a", "b", "c"]);
      assert.equal(rest.nextPageToken, "");
    });

    it("gets a conversation with its messages inside", async () => {
      const { id } = await begin();
      await messages.createMessage({ conversationId: id, role: Message_Role.assistant, content: text });
      const view = ConversationView.FULL;
      const read = await conversations.getConversation({ conversationId: id, view });
      assert.deepEqual(read.messages.map((message) => message.content), [text]);
    });

    it("gets a reply of a megabyte", async () => {
      const { id } = await begin();
      const content = "0123456789abcdef".repeat(65536);
      const created = await messages.createMessage({ conversationId: id, role: Message_Role.user, content });
      assert.equal((await messages.getMessage({ messageId: created.id })).content, content);
    });

    it("deletes a conversation, to which the answer is empty", async () => {
      const { id } = await begin();
      await conversations.deleteConversation({ conversationId: id });
      await assert.rejects(conversations.getConversation({ conversationId: id }), {
        code: Code.NotFound,
        reason: "NOT_FOUND",
      });
    });

    it("reads the reason of an error from its details", async () => {
      await assert.rejects(messages.getMessage({ messageId: unknown }), {
        code: Code.NotFound,
        reason: "NOT_FOUND",
      });
    });

    it("reads which field breaks a rule", async () => {
      await assert.rejects(messages.listMessages({ conversationId: unknown, pageSize: -1 }), {
        code: Code.InvalidArgument,
        reason: "INVALID_ARGUMENT",
        fields: ["page_size"],
      });
    });

    it("is unauthenticated without a token", async () => {
      const anonymous = door(url)(ConversationService);
      await assert.rejects(anonymous.listConversations({}), {
        code: Code.Unauthenticated,
        reason: "UNAUTHENTICATED",
      });
    });
  });
}
