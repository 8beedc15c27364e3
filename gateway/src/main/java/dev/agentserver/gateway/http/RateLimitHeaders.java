package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpHeadersBuilder;
import dev.agentserver.gateway.limit.Allowance;

/// Tells a client what is left of its limit, as draft-ietf-httpapi-ratelimit-headers-10 has it: the
/// policy is a quota in a window of seconds; what remains can be used at once, and in `t` seconds
/// the whole quota can.
final class RateLimitHeaders {
  private static final int WINDOW_SECONDS = 60;
  private static final long NANOS = 1_000_000_000L;

  private RateLimitHeaders() {}

  static void set(HttpHeadersBuilder headers, Allowance allowance) {
    var name = '"' + allowance.name() + '"';
    headers.set("ratelimit-policy", name + ";q=" + allowance.perMinute() + ";w=" + WINDOW_SECONDS);
    headers.set(
        "ratelimit",
        name
            + ";r="
            + allowance.remaining()
            + ";t="
            + (allowance.full().toNanos() + NANOS - 1) / NANOS);
  }
}
