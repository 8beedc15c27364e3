package dev.agentserver.conversation.export;

import dev.agentserver.conversation.access.Standing;
import dev.agentserver.conversation.conversation.Conversations;
import dev.agentserver.conversation.export.ExportStore.Wanted;
import dev.agentserver.conversation.feedback.Feedbacks;
import dev.agentserver.conversation.message.Messages;
import dev.agentserver.conversation.tag.Tags;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/// Writes conversations as files, a page of messages at a time: neither memory nor a transaction
/// grows with the file. The newest event at its beginning says what it is of.
public final class Exports {
  private final Database database;
  private final Conversations conversations;
  private final Messages messages;
  private final Feedbacks feedbacks;
  private final Tags tags;
  private final Standing standing;

  public Exports(
      Database database,
      Conversations conversations,
      Messages messages,
      Feedbacks feedbacks,
      Tags tags,
      Standing standing) {
    this.database = database;
    this.conversations = conversations;
    this.messages = messages;
    this.feedbacks = feedbacks;
    this.tags = tags;
    this.standing = standing;
  }

  /// Hands a file out in pieces. Fails in between when the caller may not go on.
  void write(
      Caller caller,
      UUID conversationId,
      boolean allBranches,
      ExportFile file,
      Consumer<String> sink) {
    var conversation = conversations.get(caller, conversationId);
    var through = conversation.activity().lastSeq();
    var pages =
        allBranches
            ? new TreePages(database, caller, new Wanted(conversationId, through))
            : new PathPages(messages, caller, conversationId, through);
    sink.accept(file.head(conversation, tags.on(caller, conversationId)));
    List<Exported> page;
    do {
      standing.require(caller);
      page = judged(caller, conversationId, pages.next());
      page.forEach(message -> sink.accept(file.message(message)));
    } while (!page.isEmpty());
    // Who may read nothing any more finds nothing: a file that was broken off must not look whole.
    conversations.get(caller, conversationId);
    sink.accept(file.end());
  }

  /// The messages with what the caller thinks of them.
  private List<Exported> judged(Caller caller, UUID conversationId, List<Exported> page) {
    var ids = page.stream().map(each -> each.message().id()).toList();
    var said = feedbacks.of(caller, conversationId, ids);
    return page.stream().map(each -> each.with(said.get(each.message().id()))).toList();
  }
}
