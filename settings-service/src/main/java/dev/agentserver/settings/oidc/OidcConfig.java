package dev.agentserver.settings.oidc;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Profile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Who else vouches for users, and how they are asked.
///
/// @param issuers none: nobody signs in by OIDC
/// @param timeout the longest that one question to a provider takes
/// @param keysTtl how long a provider's keys count as fresh
/// @param keysOutage how much longer they serve while the provider does not answer
public record OidcConfig(
    List<Issuer> issuers, Duration timeout, Duration keysTtl, Duration keysOutage) {
  /// Reads OIDC_ISSUERS_FILE, OIDC_TIMEOUT, OIDC_JWKS_TTL and OIDC_JWKS_OUTAGE.
  public static OidcConfig from(Environment environment) {
    var file = environment.text("OIDC_ISSUERS_FILE", "");
    return new OidcConfig(
        file.isEmpty() ? List.of() : IssuersFile.read(Path.of(file), Profile.from(environment)),
        timeout(environment),
        environment.duration("OIDC_JWKS_TTL", Duration.ofMinutes(5)),
        environment.duration("OIDC_JWKS_OUTAGE", Duration.ofHours(4)));
  }

  private static Duration timeout(Environment environment) {
    var timeout = environment.duration("OIDC_TIMEOUT", Duration.ofSeconds(2));
    if (timeout.isZero()) {
      throw new IllegalArgumentException("OIDC_TIMEOUT is 0; it may be 1ms or more");
    }
    return timeout;
  }
}
