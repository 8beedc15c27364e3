package dev.agentserver.conversation;

import dev.agentserver.conversation.rule.Rules;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.LiveConfig;
import dev.agentserver.kit.config.LiveSetting;
import dev.agentserver.kit.db.PageSizes;
import java.time.Duration;

/// What of the service can be changed while it runs.
///
/// @param trashDays how long deleted conversations can be brought back; 0: not at all
/// @param deltaRetention how long the pieces of a message can be had after its end
/// @param rules what may not be said
/// @param page how many rows a page has that no size was asked of
/// @param conversations the most conversations of a page
/// @param messages the most messages of a page
public record LiveSettings(
    LiveConfig config,
    LiveSetting<Integer> trashDays,
    LiveSetting<Duration> deltaRetention,
    LiveSetting<Rules> rules,
    LiveSetting<Integer> page,
    LiveSetting<Integer> conversations,
    LiveSetting<Integer> messages) {
  /// A variable of the environment wins over what is set while the process runs.
  public static LiveSettings from(Environment environment) {
    var config = LiveConfig.of(environment);
    return new LiveSettings(
        config,
        config.integer(
            "conversation.trash_days",
            "TRASH_DAYS",
            30,
            0,
            3650,
            "For how many days deleted conversations can be brought back. 0: not at all."),
        config.duration(
            "conversation.delta_retention",
            "DELTA_RETENTION",
            Duration.ofMinutes(10),
            Duration.ZERO,
            Duration.ofDays(7),
            "How long the pieces of a message can be had after its end."),
        config.json(
            "conversation.content_rules",
            "CONTENT_RULES",
            Rules.NONE,
            Rules.SCHEMA,
            Rules::of,
            "What may not be said in messages: lengths, patterns and detectors, and what is done."),
        config.integer(
            "conversation.page_size",
            "PAGE_SIZE",
            50,
            1,
            200,
            "How many rows a page has when no size was asked for."),
        config.integer(
            "conversation.max_page_size",
            "MAX_PAGE_SIZE",
            200,
            1,
            200,
            "The most conversations of a page."),
        config.integer(
            "conversation.max_message_page_size",
            "MAX_MESSAGE_PAGE_SIZE",
            1000,
            1,
            1000,
            "The most messages or events of a page."));
  }

  /// How long the deleted can be brought back.
  Duration trash() {
    return Duration.ofDays(trashDays.get());
  }

  PageSizes conversationPages() {
    return new PageSizes(page, conversations);
  }

  PageSizes messagePages() {
    return new PageSizes(page, messages);
  }
}
