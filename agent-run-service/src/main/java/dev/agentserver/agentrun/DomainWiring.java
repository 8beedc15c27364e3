package dev.agentserver.agentrun;

import dev.agentserver.agentrun.agent.AgentWiring;
import dev.agentserver.agentrun.analytics.AnalyticsWiring;
import dev.agentserver.agentrun.dashboard.DashboardWiring;
import dev.agentserver.agentrun.db.DefaultSchema;
import dev.agentserver.agentrun.erasure.AgentRunEraser;
import dev.agentserver.agentrun.event.Category;
import dev.agentserver.agentrun.event.EventRow;
import dev.agentserver.agentrun.event.EventWiring;
import dev.agentserver.agentrun.event.Events;
import dev.agentserver.agentrun.event.Origin;
import dev.agentserver.agentrun.export.ExportWiring;
import dev.agentserver.agentrun.ledger.LedgerWiring;
import dev.agentserver.agentrun.ledger.UsageEraser;
import dev.agentserver.agentrun.link.ConversationLinks;
import dev.agentserver.agentrun.link.ConversationPeer;
import dev.agentserver.agentrun.link.FileAccessRpc;
import dev.agentserver.agentrun.link.FileLinks;
import dev.agentserver.agentrun.link.FileLinksEraser;
import dev.agentserver.agentrun.link.FilePeer;
import dev.agentserver.agentrun.price.book.PriceWiring;
import dev.agentserver.agentrun.run.RunLimits;
import dev.agentserver.agentrun.run.RunWiring;
import dev.agentserver.agentrun.run.Standing;
import dev.agentserver.agentrun.run.TokenPeerRpc;
import dev.agentserver.agentrun.run.ToolPeerRpc;
import dev.agentserver.agentrun.session.SessionCore;
import dev.agentserver.agentrun.session.SessionNews;
import dev.agentserver.agentrun.session.SessionWiring;
import dev.agentserver.kit.erasure.RowStore;
import dev.agentserver.kit.erasure.Sequence;
import dev.agentserver.kit.grpc.ServicePeer;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import io.grpc.Channel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The service's own objects, without the process around them.
record DomainWiring(
    List<BindableService> services,
    EventWiring events,
    RunWiring runs,
    SessionWiring sessions,
    PriceWiring prices,
    LedgerWiring ledger,
    ConversationLinks links,
    AnalyticsWiring analytics,
    RowStore rows,
    AgentRunEraser eraser)
    implements AutoCloseable {
  /// @param settings settings-service, with the token of whoever is served
  /// @param background the same for background work; empty: there is no credential
  /// @param conversations those of conversation-service
  /// @param files those of file-service; null: there is none
  static DomainWiring open(
      KitRuntime kit,
      Config config,
      Channel settings,
      Optional<ServicePeer> background,
      ConversationPeer conversations,
      @Nullable FilePeer files,
      Revocations revocations,
      Metrics metrics,
      Clock clock) {
    var live = config.live();
    var events =
        new EventWiring(
            Config.NAME,
            kit,
            config.events(),
            metrics,
            revocations,
            clock,
            config.server(),
            live.eventPages(),
            live::eventRetention);
    var links = new ConversationLinks(kit.database(), conversations);
    var sessions = SessionCore.open(kit, links, news(kit, events.events()), live.sessionTtl());
    var runs =
        new RunWiring(
            kit,
            new TokenPeerRpc(background),
            new ToolPeerRpc(settings),
            standing(config, revocations, clock),
            sessions.runs(),
            links,
            events.runs(),
            live.pages(),
            RunLimits.defaults().with(live.agents().tokensAllowed()),
            () -> Duration.ZERO);
    var fileLinks = new FileLinks(files, kit.outbox());
    var driven =
        SessionWiring.open(kit, sessions, runs.open(), fileLinks, live.pages(), config.roots());
    var prices = PriceWiring.open(kit, live.pages(), clock);
    var ledger =
        new LedgerWiring(
            kit,
            conversations::require,
            prices.normalizer(),
            prices.book(),
            runs.pauses(),
            live.pages(),
            metrics,
            clock);
    var analytics = AnalyticsWiring.open(kit, live.pages(), clock, live::analyticsRetention);
    var rows = new RowStore(DefaultSchema.DEFAULT_SCHEMA, LedgerWiring.GO_ALONG);
    var services = new ArrayList<>(driven.services());
    services.addAll(runs.services(ledger.steps()));
    services.addAll(ledger.services());
    services.add(events.service());
    services.add(prices.service());
    services.add(analytics.service());
    services.add(DashboardWiring.service(kit.database(), clock, ledger.budgets()));
    services.add(ExportWiring.service(kit.database(), standing(config, revocations, clock)));
    var agents = new AgentWiring(kit, settings, live.agents(), fileLinks, live.pages());
    services.addAll(agents.services());
    services.add(
        new FileAccessRpc(sessions.sessions()::isAnyReadable, agents.agents()::isAnyReadable));
    return new DomainWiring(
        services,
        events,
        runs,
        driven,
        prices,
        ledger,
        links,
        analytics,
        rows,
        new AgentRunEraser(
            rows,
            whom ->
                Sequence.of(
                    new FileLinksEraser(fileLinks).begin(whom), new UsageEraser().begin(whom))));
  }

  private static Standing standing(Config config, Revocations revocations, Clock clock) {
    return new Standing(
        revocations, clock, config.server().streamHeartbeat(), config.server().streamTokenGrace());
  }

  /// What happens to sessions is told in their streams.
  private static SessionNews news(KitRuntime kit, Events events) {
    return (db, tenantId, session, category, kind, content) ->
        events.append(
            db,
            Origin.session(tenantId, session.id(), session.ownerId()),
            List.of(
                EventRow.of(
                    kit.ids().next(), Category.valueOf(category.name()), kind, content, null)));
  }

  /// Ends the watches, and what waits for runs.
  @Override
  public void close() {
    ledger.close();
    runs.close();
    events.close();
  }
}
