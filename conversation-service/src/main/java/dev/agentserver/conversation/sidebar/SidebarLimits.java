package dev.agentserver.conversation.sidebar;

import java.time.Duration;

/// How lists are followed.
///
/// @param heartbeat how often a stream says that it lives, and the caller's token is looked at
/// @param tokenGrace how long a stream may outlive the token it was opened with
/// @param look how often lists are looked at for what no bell told
/// @param settle how long after a change an entry is read once more: activity within two seconds of
/// activity does not count as a change
/// @param outage how long the database may be away before a stream fails
public record SidebarLimits(
    Duration heartbeat, Duration tokenGrace, Duration look, Duration settle, Duration outage) {
  /// What a service has, beside what is configured.
  public static SidebarLimits of(Duration heartbeat, Duration tokenGrace) {
    return new SidebarLimits(
        heartbeat,
        tokenGrace,
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(30));
  }
}
