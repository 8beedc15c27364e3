package dev.agentserver.benchmarks.row;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Processes;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.measure.Stopwatch;
import dev.agentserver.benchmarks.system.Stage;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.JwtVerifier;
import dev.agentserver.kit.identity.PublicJwk;
import dev.agentserver.kit.identity.SigningKey;
import dev.agentserver.kit.identity.TokenIssuer;
import java.text.ParseException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What every service does with every call: finding out whose token it is. One that was seen
/// before, one that was not, and the bare check by the library below. In this JVM and by one
/// thread, so the figures are all the generator's.
public final class Tokens {
  private static final String RAW = "nimbus, signature and claims";
  private static final String FIRST = "token not seen before";
  private static final String AGAIN = "token seen before";
  private static final int POOL = 2_000;
  private static final int POOL_OF_PROOF = 10;

  private final Plan plan;
  private final Stage stage;
  private final SigningKey key = SigningKey.generate();
  private final List<String> pool;

  public Tokens(Plan plan, Stage stage) {
    this.plan = plan;
    this.stage = stage;
    var issuer = new TokenIssuer(key, Clock.systemUTC(), UUID::randomUUID);
    this.pool =
        Stream.generate(() -> issuer.issue(member()).jwt())
            .limit(plan.isProof() ? POOL_OF_PROOF : POOL)
            .toList();
  }

  /// A member with as many permissions as members have.
  private static Caller member() {
    var permissions =
        Set.of(
            "conversation:read",
            "conversation:write",
            "message:write",
            "chat_settings:read",
            "chat_settings:write",
            "file:read",
            "file:write",
            "run:read",
            "run:write");
    return new Caller(
        UUID.randomUUID(),
        UUID.randomUUID(),
        Caller.Kind.USER,
        Set.of("MEMBER"),
        permissions,
        "benchmark");
  }

  /// Verifies tokens.
  public Section check() {
    try (var known = verifier()) {
      var raw = raw(key.publicJwk());
      var columns =
          List.of(
              column(AGAIN, () -> pool.forEach(known::verify)),
              column(FIRST, this::first),
              column(RAW, () -> pool.forEach(raw)));
      return new Section(
          "check a token", Rounds.measure(columns, plan.rounds(), plan.window()), Tokens::findings);
    }
  }

  /// By one that has seen none of them.
  private void first() {
    try (var unknowing = verifier()) {
      pool.forEach(unknowing::verify);
    }
  }

  private JwtVerifier verifier() {
    return new JwtVerifier(() -> List.of(key.publicJwk()), Clock.systemUTC());
  }

  private static Consumer<String> raw(PublicJwk published) {
    try {
      var key =
          new ECKey.Builder(Curve.P_256, new Base64URL(published.x()), new Base64URL(published.y()))
              .build();
      JWSVerifier verifier = new ECDSAVerifier(key);
      return jwt -> verify(jwt, verifier);
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void verify(String jwt, JWSVerifier verifier) {
    try {
      var token = SignedJWT.parse(jwt);
      if (!token.verify(verifier) || token.getJWTClaimsSet().getSubject() == null) {
        throw new IllegalStateException("not verified");
      }
    } catch (ParseException | JOSEException unverifiable) {
      throw new IllegalStateException(unverifiable);
    }
  }

  /// @param checks checks each token of the pool once
  private Column column(String name, Runnable checks) {
    Driver driver =
        time -> {
          var end = System.nanoTime() + time.toNanos();
          var watch = new Stopwatch();
          while (System.nanoTime() < end) {
            var since = System.nanoTime();
            checks.run();
            watch.good(pool.size(), System.nanoTime() - since);
          }
          return watch.done();
        };
    var here = new Processes(List.of(), stage.server().postgres().postmaster());
    return new Column(name, false, plan.warmUp(), here, driver);
  }

  private static List<Finding> findings(Section section) {
    var raw = section.column(RAW).orElseThrow();
    return List.of(
        Finding.here(section.column(FIRST).orElseThrow(), raw, 1.5),
        Finding.here(section.column(AGAIN).orElseThrow(), raw, 0.1));
  }
}
