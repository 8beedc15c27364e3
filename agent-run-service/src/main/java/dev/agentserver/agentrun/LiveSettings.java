package dev.agentserver.agentrun;

import dev.agentserver.agentrun.agent.AgentSettings;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.LiveConfig;
import dev.agentserver.kit.config.LiveSetting;
import dev.agentserver.kit.db.PageSizes;
import java.time.Duration;

/// What of the service can be changed while it runs.
///
/// @param page how many rows a page has that no size was asked of
/// @param rows the most rows of a page
/// @param events the most events of a page
/// @param eventDays for how many days events are kept at least
/// @param analyticsDays for how many days events of applications are kept
/// @param agents what of agents can be changed
/// @param sessionTtl how long a session lives in which nothing happens
public record LiveSettings(
    LiveConfig config,
    LiveSetting<Integer> page,
    LiveSetting<Integer> rows,
    LiveSetting<Integer> events,
    LiveSetting<Integer> eventDays,
    LiveSetting<Integer> analyticsDays,
    AgentSettings agents,
    LiveSetting<Duration> sessionTtl) {
  /// A variable of the environment wins over what is set while the process runs.
  public static LiveSettings from(Environment environment) {
    var config = LiveConfig.of(environment);
    return new LiveSettings(
        config,
        config.integer(
            "agent_run.page_size",
            "PAGE_SIZE",
            50,
            1,
            200,
            "How many rows a page has when no size was asked for."),
        config.integer(
            "agent_run.max_page_size", "MAX_PAGE_SIZE", 200, 1, 200, "The most rows of a page."),
        config.integer(
            "agent_run.max_event_page_size",
            "MAX_EVENT_PAGE_SIZE",
            1000,
            1,
            1000,
            "The most events of a page."),
        config.integer(
            "agent_run.event_retention_days",
            "EVENT_RETENTION_DAYS",
            90,
            1,
            3650,
            "For how many days the events of runs are kept at least."),
        config.integer(
            "agent_run.analytics_retention_days",
            "ANALYTICS_RETENTION_DAYS",
            400,
            1,
            3650,
            "For how many days the events of applications are kept."),
        AgentSettings.in(config),
        config.duration(
            "agent_run.session_ttl",
            "SESSION_TTL",
            Duration.ofDays(30),
            Duration.ofMinutes(1),
            Duration.ofDays(3650),
            "How long a session lives in which nothing happens; then it fails as EXPIRED."));
  }

  PageSizes pages() {
    return new PageSizes(page, rows);
  }

  PageSizes eventPages() {
    return new PageSizes(page, events);
  }

  /// How long events are kept at least.
  Duration eventRetention() {
    return Duration.ofDays(eventDays.get());
  }

  /// How long events of applications are kept.
  Duration analyticsRetention() {
    return Duration.ofDays(analyticsDays.get());
  }
}
