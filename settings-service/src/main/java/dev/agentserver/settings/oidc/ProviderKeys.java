package dev.agentserver.settings.oidc;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import dev.agentserver.kit.problem.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys that a provider signs with: refreshed before they age, fetched at once when a token
/// names an unknown one, and kept in use while the provider does not answer. Made-up key ids cause
/// a fetch or two a second, so that they flood nobody.
final class ProviderKeys implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderKeys.class);
  private static final long FETCH_INTERVAL_MILLIS = 1_000;
  private static final long MAX_WAIT_MILLIS = 15_000;
  private static final int SHORTEST_RSA_BITS = 2048;

  private final Issuer issuer;
  private final ProviderHttp http;
  private final Discovery discovery;
  private final JWKSource<SecurityContext> source;
  private volatile boolean failing;

  ProviderKeys(Issuer issuer, ProviderHttp http, Discovery discovery, OidcConfig config) {
    this.issuer = issuer;
    this.http = http;
    this.discovery = discovery;
    var fresh = Math.max(2 * FETCH_INTERVAL_MILLIS, config.keysTtl().toMillis());
    this.source =
        JWKSourceBuilder.create(published())
            .cache(fresh, Math.min(fresh / 4, MAX_WAIT_MILLIS))
            .refreshAheadCache(
                fresh / 2, null, Executors.newVirtualThreadPerTaskExecutor(), true, null, false)
            .rateLimited(FETCH_INTERVAL_MILLIS)
            .outageTolerant(config.keysOutage().toMillis())
            .build();
  }

  /// The keys that a token with this header may have been signed with; none where the provider
  /// publishes none. Fails with Unavailable while that cannot be known.
  List<JWK> matching(JWSHeader header) {
    try {
      var keys =
          source.get(new JWKSelector(JWKMatcher.forJWSHeader(header)), null).stream()
              .filter(ProviderKeys::isStrong)
              .toList();
      if (keys.isEmpty() && failing) {
        throw unavailable();
      }
      return keys;
    } catch (KeySourceException failed) {
      // Nothing was ever fetched, or too many unknown keys were asked for just now.
      throw unavailable();
    }
  }

  /// Fetches the keys before they are needed, so that nobody waits for them, and the log says when
  /// the process starts what is wrong with the provider.
  void warm() {
    try {
      source.get(new JWKSelector(new JWKMatcher.Builder().build()), null);
    } catch (KeySourceException failed) {
      // It was logged, and the next token asks again.
      LOG.debug("{} is asked again later", issuer.id(), failed);
    }
  }

  private static boolean isStrong(JWK key) {
    return !"RSA".equals(key.getKeyType().getValue()) || key.size() >= SHORTEST_RSA_BITS;
  }

  private static RuntimeException unavailable() {
    return new Problem.Unavailable("oidc", Duration.ofMillis(FETCH_INTERVAL_MILLIS)).raise();
  }

  private JWKSetSource<SecurityContext> published() {
    return new JWKSetSource<>() {
      @Override
      public JWKSet getJWKSet(
          JWKSetCacheRefreshEvaluator evaluator, long now, SecurityContext context)
          throws KeySourceException {
        return fetch();
      }

      @Override
      public void close() {
        // The client is closed by whoever made it.
      }
    };
  }

  private JWKSet fetch() throws JWKSetUnavailableException {
    try {
      var keys = JWKSet.parse(http.get(discovery.jwksUri()));
      if (failing) {
        LOG.info("the keys of {} can be had again", issuer.id());
      }
      failing = false;
      return keys;
    } catch (IOException | ParseException failed) {
      if (!failing) {
        LOG.warn("the keys of {} cannot be had now: {}", issuer.id(), failed.getMessage());
      }
      failing = true;
      throw new JWKSetUnavailableException("the keys could not be fetched", failed);
    }
  }

  @Override
  public void close() {
    if (source instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }
}
