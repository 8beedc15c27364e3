package dev.agentserver.agentrun.event;

import dev.agentserver.agentrun.run.RunFeed;
import dev.agentserver.agentrun.run.RunKey;
import dev.agentserver.agentrun.run.RunNews;
import dev.agentserver.agentrun.text.MetadataJson;
import dev.agentserver.kit.db.Ids;
import java.util.List;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Writes what happens to runs among the events of their workers, in the same streams.
public final class RunNewsFeed implements RunFeed {
  private final Events events;
  private final Ids ids;

  public RunNewsFeed(Events events, Ids ids) {
    this.events = events;
    this.ids = ids;
  }

  @Override
  public void append(DSLContext db, RunKey run, RunNews news) {
    var origin =
        Origin.run(
            run.tenantId(), run.runId(), run.sessionId(), run.conversationId(), run.userId());
    events.append(db, origin, List.of(row(news)));
  }

  private EventRow row(RunNews news) {
    return new EventRow(
        ids.next(),
        Category.valueOf(news.category().name()),
        news.kind(),
        Level.INFO,
        "",
        payload(news),
        news.stepKey(),
        null,
        null,
        null,
        null);
  }

  private static @Nullable String payload(RunNews news) {
    return news.facts().isEmpty() ? null : MetadataJson.write(news.facts());
  }
}
