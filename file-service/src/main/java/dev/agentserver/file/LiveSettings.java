package dev.agentserver.file;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.LiveConfig;
import dev.agentserver.kit.config.LiveSetting;
import dev.agentserver.kit.db.PageSizes;

/// What of the service can be changed while it runs.
///
/// @param page how many rows a page has that no size was asked of
/// @param mostOfPage the most rows of a page
public record LiveSettings(
    LiveConfig config, LiveSetting<Integer> page, LiveSetting<Integer> mostOfPage) {
  /// A variable of the environment wins over what is set while the process runs.
  public static LiveSettings from(Environment environment) {
    var config = LiveConfig.of(environment);
    return new LiveSettings(
        config,
        config.integer(
            "file.page_size",
            "PAGE_SIZE",
            50,
            1,
            200,
            "How many rows a page has when no size was asked for."),
        config.integer(
            "file.max_page_size", "MAX_PAGE_SIZE", 200, 1, 200, "The most rows of a page."));
  }

  PageSizes pages() {
    return new PageSizes(page, mostOfPage);
  }
}
