package dev.agentserver.agentrun.analytics;

import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/// Events of applications.
///
/// @param analytics is to be swept now and then
public record AnalyticsWiring(Analytics analytics, BindableService service) {
  /// @param retention how long events are kept
  public static AnalyticsWiring open(
      KitRuntime kit, PageSizes pages, Clock clock, Supplier<Duration> retention) {
    var analytics = new Analytics(kit.database(), clock, retention);
    return new AnalyticsWiring(analytics, new AnalyticsRpc(analytics, pages));
  }
}
