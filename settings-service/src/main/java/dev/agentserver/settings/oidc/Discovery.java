package dev.agentserver.settings.oidc;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a provider publishes its keys, as its own description says. The description is read anew
/// now and then; while that fails what was read before counts.
final class Discovery {
  private static final Duration FRESH = Duration.ofHours(1);

  private final Issuer issuer;
  private final ProviderHttp http;
  private final Clock clock;
  private volatile @Nullable Found found;

  private record Found(URI jwksUri, Instant until) {}

  Discovery(Issuer issuer, ProviderHttp http, Clock clock) {
    this.issuer = issuer;
    this.http = http;
    this.clock = clock;
  }

  URI jwksUri() throws IOException {
    var known = found;
    if (known != null && clock.instant().isBefore(known.until())) {
      return known.jwksUri();
    }
    try {
      var read = new Found(read(), clock.instant().plus(FRESH));
      found = read;
      return read.jwksUri();
    } catch (IOException failed) {
      if (known != null) {
        return known.jwksUri();
      }
      throw failed;
    }
  }

  /// The issuer must be named to the letter: else one provider could speak for another.
  private URI read() throws IOException {
    try {
      var document = JSONObjectUtils.parse(http.get(issuer.discovery()));
      var named = JSONObjectUtils.getString(document, "issuer");
      if (!issuer.id().equals(named)) {
        throw new IOException(
            "%s says that it is of %s, not of %s"
                .formatted(issuer.discovery(), named, issuer.id()));
      }
      var uri = JSONObjectUtils.getURI(document, "jwks_uri");
      if (uri == null || !isSafe(uri)) {
        throw new IOException(issuer.discovery() + " names no jwks_uri that begins with https://");
      }
      return uri;
    } catch (ParseException malformed) {
      throw new IOException(issuer.discovery() + " is no description of a provider", malformed);
    }
  }

  private boolean isSafe(URI uri) {
    return "https".equals(uri.getScheme())
        || (issuer.loopback()
            && "http".equals(uri.getScheme())
            && issuer.discovery().getHost().equals(uri.getHost()));
  }
}
