package dev.agentserver.kit.grpc;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Tries again every second where nobody answers. By itself a channel waits longer after each
/// failure, up to two minutes: a service that was away would be back long before it is found.
final class Reconnection {
  private static final long SECONDS = 1;
  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("reconnection").factory());

  private Reconnection() {}

  /// Cares for the channel until it is shut down.
  static void of(ManagedChannel channel) {
    var state = channel.getState(false);
    switch (state) {
      case SHUTDOWN -> {}
      case TRANSIENT_FAILURE -> TIMER.schedule(() -> again(channel), SECONDS, TimeUnit.SECONDS);
      case IDLE, CONNECTING, READY -> channel.notifyWhenStateChanged(state, () -> of(channel));
    }
  }

  private static void again(ManagedChannel channel) {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
    }
    of(channel);
  }
}
