package dev.agentserver.kit.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import dev.agentserver.kit.problem.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/// The published keys, kept fresh: refreshed before they age, fetched at once when a token names an
/// unknown key, and kept in use while nobody answers. Unknown keys cause one fetch a second at
/// most, so that made-up ids cannot flood the publisher.
final class KeySet implements Closeable {
  private static final long FETCH_INTERVAL_MILLIS = 500;
  private static final long MAX_WAIT_MILLIS = 15_000;

  private final JWKSource<SecurityContext> source;
  private final Map<JWK, JWSVerifier> verifiers = new ConcurrentHashMap<>();
  private volatile boolean everFetched;

  KeySet(JwksClient client, Duration ttl, Duration outage) {
    var fresh = Math.max(2 * FETCH_INTERVAL_MILLIS, ttl.toMillis());
    this.source =
        JWKSourceBuilder.create(published(client))
            .cache(fresh, Math.min(fresh / 4, MAX_WAIT_MILLIS))
            .refreshAheadCache(
                fresh / 2, null, Executors.newVirtualThreadPerTaskExecutor(), true, null, false)
            .rateLimited(FETCH_INTERVAL_MILLIS)
            .outageTolerant(outage.toMillis())
            .build();
  }

  /// The verifier of the key with this id; empty when no such key is published.
  Optional<JWSVerifier> verifier(String kid) {
    var wanted =
        new JWKMatcher.Builder()
            .keyID(kid)
            .curve(Curve.P_256)
            .algorithm(JWSAlgorithm.ES256)
            .keyUse(KeyUse.SIGNATURE)
            .build();
    try {
      return source.get(new JWKSelector(wanted), null).stream().findFirst().map(this::verifier);
    } catch (KeySourceException failed) {
      if (everFetched && !(failed instanceof JWKSetUnavailableException)) {
        return Optional.empty();
      }
      throw new Problem.Unavailable("access", Duration.ofMillis(FETCH_INTERVAL_MILLIS)).raise();
    }
  }

  private JWSVerifier verifier(JWK key) {
    return verifiers.computeIfAbsent(
        key,
        k -> {
          try {
            return new ECDSAVerifier(k.toECKey());
          } catch (JOSEException unusable) {
            throw new IllegalStateException(
                "the key " + k.getKeyID() + " cannot verify ES256", unusable);
          }
        });
  }

  private JWKSetSource<SecurityContext> published(JwksClient client) {
    return new JWKSetSource<>() {
      @Override
      public JWKSet getJWKSet(
          JWKSetCacheRefreshEvaluator evaluator, long now, SecurityContext context)
          throws KeySourceException {
        return fetch(client);
      }

      @Override
      public void close() {
        // The client is closed by whoever made it.
      }
    };
  }

  private JWKSet fetch(JwksClient client) throws JWKSetUnavailableException {
    try {
      List<JWK> keys = client.fetch().stream().map(KeySet::jwk).toList();
      verifiers.keySet().retainAll(keys);
      everFetched = true;
      return new JWKSet(keys);
    } catch (RuntimeException noAnswer) {
      throw new JWKSetUnavailableException("the keys could not be fetched", noAnswer);
    }
  }

  private static JWK jwk(PublicJwk key) {
    return new ECKey.Builder(Curve.P_256, new Base64URL(key.x()), new Base64URL(key.y()))
        .keyID(key.kid())
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(JWSAlgorithm.ES256)
        .build();
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
