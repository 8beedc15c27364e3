package dev.agentserver.kit.identity;

import dev.agentserver.kit.problem.Problem;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Takes API keys too, where a caller comes to a service directly: exchanges them for tokens, which
/// are then verified like any other and travel on to further services in the key's place.
public final class KeyVerifier implements TokenVerifier, AutoCloseable {
  private static final String PREFIX = "ag_";
  private static final int SIZE = 10_000;

  private final JwtVerifier tokens;
  private final Function<String, IssuedToken> exchange;
  private final @Nullable Function<String, IssuedToken> signIn;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ExchangedTokens exchanged;

  /// @param tokens closed with this
  /// @param exchange asks AccessService
  public KeyVerifier(
      JwtVerifier tokens,
      Function<String, IssuedToken> exchange,
      Revocations revocations,
      Clock clock) {
    this(tokens, exchange, null, revocations, clock);
  }

  /// @param signIn exchanges tokens of other issuers; null: they are not taken here
  public KeyVerifier(
      JwtVerifier tokens,
      Function<String, IssuedToken> exchange,
      @Nullable Function<String, IssuedToken> signIn,
      Revocations revocations,
      Clock clock) {
    this.tokens = tokens;
    this.exchange = exchange;
    this.signIn = signIn;
    this.exchanged = new ExchangedTokens(SIZE, clock, revocations, threads);
  }

  @Override
  public Caller verify(String jwt) {
    return tokens.verify(jwt);
  }

  @Override
  public String token(String credential) {
    if (!credential.startsWith(PREFIX)) {
      return signIn != null && ForeignToken.is(credential)
          ? exchanged.get(credential, signIn).jwt()
          : credential;
    }
    // A damaged key is told without asking anybody.
    if (ApiKey.parse(credential).isEmpty()) {
      throw new Problem.Unauthenticated("UNAUTHENTICATED", "the API key is damaged").raise();
    }
    return exchanged.get(credential, exchange).jwt();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    tokens.close();
  }
}
