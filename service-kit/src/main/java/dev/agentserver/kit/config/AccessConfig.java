package dev.agentserver.kit.config;

import java.time.Duration;
import java.util.Optional;

/// Where the keys come from that access tokens are verified with.
///
/// @param accessTarget the gRPC target of AccessService: `static:host:port[,host:port]` or
/// `dns:///name:port`
/// @param keysTtl how long fetched keys count as fresh
/// @param keysOutage how much longer they serve while nobody answers
/// @param fetchTimeout the deadline of one fetch
/// @param credential what this service proves itself with to the others; empty: it cannot
public record AccessConfig(
    String accessTarget,
    Duration keysTtl,
    Duration keysOutage,
    Duration fetchTimeout,
    Optional<Secret> credential) {
  /// Reads ACCESS_TARGET, JWKS_TTL, JWKS_OUTAGE, JWKS_TIMEOUT and SERVICE_CREDENTIAL (also as
  /// `_FILE`).
  public static AccessConfig from(Environment environment) {
    Safety.require(environment, ServiceSafety::access);
    return new AccessConfig(
        environment.text("ACCESS_TARGET", "static:127.0.0.1:9102"),
        environment.duration("JWKS_TTL", Duration.ofMinutes(5)),
        environment.duration("JWKS_OUTAGE", Duration.ofHours(4)),
        environment.duration("JWKS_TIMEOUT", Duration.ofSeconds(5)),
        environment.secretIfSet("SERVICE_CREDENTIAL"));
  }
}
