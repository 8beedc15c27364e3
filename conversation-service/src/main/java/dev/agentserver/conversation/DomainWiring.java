package dev.agentserver.conversation;

import dev.agentserver.conversation.access.Standing;
import dev.agentserver.conversation.branch.BranchRpc;
import dev.agentserver.conversation.branch.Branches;
import dev.agentserver.conversation.branch.Forks;
import dev.agentserver.conversation.context.Checkpoints;
import dev.agentserver.conversation.context.ContextRpc;
import dev.agentserver.conversation.context.Contexts;
import dev.agentserver.conversation.conversation.ConversationRpc;
import dev.agentserver.conversation.conversation.Conversations;
import dev.agentserver.conversation.conversation.Trash;
import dev.agentserver.conversation.db.DefaultSchema;
import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.erasure.ConversationEraser;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.export.ExportRpc;
import dev.agentserver.conversation.export.Exports;
import dev.agentserver.conversation.feedback.FeedbackRpc;
import dev.agentserver.conversation.feedback.Feedbacks;
import dev.agentserver.conversation.hold.LegalHoldRpc;
import dev.agentserver.conversation.hold.LegalHoldStore;
import dev.agentserver.conversation.hold.LegalHolds;
import dev.agentserver.conversation.link.FileAccess;
import dev.agentserver.conversation.link.FileAccessRpc;
import dev.agentserver.conversation.link.FileLinks;
import dev.agentserver.conversation.link.FilePeer;
import dev.agentserver.conversation.link.RunLinks;
import dev.agentserver.conversation.link.RunPeer;
import dev.agentserver.conversation.member.MemberRpc;
import dev.agentserver.conversation.member.Members;
import dev.agentserver.conversation.message.Appender;
import dev.agentserver.conversation.message.Deletions;
import dev.agentserver.conversation.message.MessageRpc;
import dev.agentserver.conversation.message.Messages;
import dev.agentserver.conversation.message.Screening;
import dev.agentserver.conversation.rule.ContentRules;
import dev.agentserver.conversation.search.MessageSearch;
import dev.agentserver.conversation.search.SearchRpc;
import dev.agentserver.conversation.share.ShareRpc;
import dev.agentserver.conversation.share.Shares;
import dev.agentserver.conversation.sidebar.Sidebar;
import dev.agentserver.conversation.sidebar.SidebarLimits;
import dev.agentserver.conversation.sidebar.SidebarRpc;
import dev.agentserver.conversation.stream.Sessions;
import dev.agentserver.conversation.stream.StreamWiring;
import dev.agentserver.conversation.tag.TagRpc;
import dev.agentserver.conversation.tag.Tags;
import dev.agentserver.conversation.watch.ConversationEventRpc;
import dev.agentserver.conversation.watch.ConversationEvents;
import dev.agentserver.conversation.watch.Event;
import dev.agentserver.conversation.watch.Polls;
import dev.agentserver.conversation.watch.Watches;
import dev.agentserver.kit.erasure.RowStore;
import dev.agentserver.kit.eventlog.EventLog;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The service's own objects, without the process around them.
record DomainWiring(
    List<BindableService> services,
    Trash trash,
    RowStore rows,
    ConversationEraser eraser,
    StreamWiring streams,
    Sidebar sidebar,
    EventLog<Event> log)
    implements AutoCloseable {
  /// @param runs those of agent-run-service
  /// @param files those of file-service; null: there is none
  static DomainWiring open(
      KitRuntime kit,
      Config config,
      RunPeer runs,
      @Nullable FilePeer files,
      Revocations revocations,
      Metrics metrics,
      Clock clock) {
    var database = kit.database();
    var log =
        EventLog.open(
            Config.NAME,
            config.database(),
            database,
            new ConversationEvents(),
            metrics,
            config.events());
    var feed =
        new Feed(
            (db, tenant, id, seq) -> log.appended(db, new StreamKey(tenant, id), seq),
            (db, tenant, id, seq) -> log.bells().ring(db, Sessions.news(tenant, id), seq));
    var entries =
        new Entries(
            (db, tenant, user, at) ->
                log.bells().ring(db, new StreamKey(tenant, user), Sidebar.number(at)));
    var links = new FileLinks(files, kit.outbox());
    var screening = new Screening(new ContentRules(config.live().rules(), metrics));
    var appender = new Appender(kit.ids(), feed, entries, new RunLinks(runs), links, screening);
    var messages = new Messages(database, kit.writes(), appender);
    var conversations =
        new Conversations(database, kit.writes(), appender, feed, entries, kit.ids());
    var live = config.live();
    var trash =
        new Trash(database, kit.writes(), kit.outbox(), kit.audit(), feed, entries, live::trash);
    var rows = new RowStore(DefaultSchema.DEFAULT_SCHEMA, List.of());
    var streams =
        new StreamWiring(
            database,
            kit.writes(),
            kit.outbox(),
            metrics,
            log.bells(),
            feed,
            entries,
            appender,
            screening,
            messages,
            links,
            revocations,
            config.writerLease(),
            live.deltaRetention());
    var watches =
        new Watches(
            database,
            log,
            conversations,
            revocations,
            clock,
            config.server().streamHeartbeat(),
            config.server().streamTokenGrace());
    var limits =
        SidebarLimits.of(config.server().streamHeartbeat(), config.server().streamTokenGrace());
    var sidebar = new Sidebar(database, log.bells(), revocations, clock, limits);
    var events =
        new ConversationEventRpc(
            watches,
            new Polls(database, log, conversations),
            new SidebarRpc(sidebar)::watch,
            live.messagePages());
    var checkpoints = new Checkpoints(database);
    var feedbacks = new Feedbacks(database, feed);
    var tags = new Tags(database, kit.writes(), kit.audit(), feed, kit.ids());
    return new DomainWiring(
        List.of(
            new ConversationRpc(conversations, trash, messages, live.conversationPages()),
            new MessageRpc(
                messages,
                new Deletions(
                    new LegalHoldStore()::isHeld, kit.writes(), kit.audit(), feed, entries, links),
                live.messagePages()),
            new BranchRpc(
                messages,
                new Branches(database, feed, entries),
                new Forks(kit.writes(), conversations, feed, kit.ids(), links),
                live.messagePages()),
            new SearchRpc(new MessageSearch(database), live.conversationPages()),
            new MemberRpc(
                new Members(database, kit.writes(), kit.audit(), feed, entries),
                conversations,
                live.conversationPages()),
            new LegalHoldRpc(new LegalHolds(database, kit.audit()), live.conversationPages()),
            new FeedbackRpc(feedbacks, live.conversationPages()),
            new TagRpc(tags, live.conversationPages()),
            new ShareRpc(
                new Shares(database, kit.writes(), kit.audit(), feed, entries, kit.ids()),
                conversations,
                live.conversationPages(),
                live.messagePages()),
            streams.service(),
            events,
            new ContextRpc(new Contexts(messages, checkpoints), checkpoints),
            new ExportRpc(
                new Exports(
                    database,
                    conversations,
                    messages,
                    feedbacks,
                    tags,
                    new Standing(revocations, clock, config.server().streamTokenGrace()))),
            new FileAccessRpc(new FileAccess(database))),
        trash,
        rows,
        new ConversationEraser(kit.outbox(), feed, entries, rows),
        streams,
        sidebar,
        log);
  }

  /// Writes what still waits, then ends the watches.
  @Override
  public void close() {
    streams.close();
    sidebar.close();
    log.close();
  }
}
