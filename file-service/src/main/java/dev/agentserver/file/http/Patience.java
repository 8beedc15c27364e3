package dev.agentserver.file.http;

import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;

/// How long an exchange may carry nothing: a client that stalls is cut off, and what it began is
/// given up.
final class Patience {
  private final ServiceRequestContext context;
  private final Duration stall;

  Patience(ServiceRequestContext context, Duration stall) {
    this.context = context;
    this.stall = stall;
    moved();
  }

  /// Bytes came or went.
  void moved() {
    context.setRequestTimeout(TimeoutMode.SET_FROM_NOW, stall);
  }

  /// Nothing of the client's is waited for any more.
  void over() {
    context.clearRequestTimeout();
  }
}
