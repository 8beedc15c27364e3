package dev.agentserver.settings.oidc;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.IssuedToken;
import dev.agentserver.kit.test.MovableClock;
import dev.agentserver.settings.Live;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/// A service that trusts a provider, and the provider.
final class Trusting implements AutoCloseable {
  final MovableClock clock = new MovableClock(Instant.now());
  final Provider provider = new Provider(clock);
  final UUID tenantId = UUID.randomUUID();
  final Live service;
  final Live.Tenant tenant;

  /// @param more fields of the issuer, in JSON, each ending in a comma
  Trusting(String more) {
    this(more, Map.of());
  }

  Trusting(String more, Map<String, String> variables) {
    this(more, variables, _ -> {});
  }

  /// @param before what befalls the provider before the service starts
  Trusting(String more, Map<String, String> variables, Consumer<Provider> before) {
    before.accept(provider);
    var json =
        """
        [{%s "issuer": "%s", "audiences": ["%s"], "tenant": "%s"}]
        """
            .formatted(more, provider.issuer(), Provider.AUDIENCE, tenantId);
    var all = new HashMap<>(variables);
    all.put("PORT", "0");
    // A busy machine is no provider that is down.
    all.putIfAbsent("OIDC_TIMEOUT", "20s");
    all.put("OIDC_ISSUERS_FILE", file(json));
    this.service = new Live(clock, all);
    this.tenant = service.tenant(tenantId);
  }

  private static String file(String json) {
    try {
      var file = Files.createTempFile("issuers", ".json");
      file.toFile().deleteOnExit();
      return Files.writeString(file, json).toString();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// Who the token is exchanged for.
  Caller signIn(String token) {
    return IssuedToken.of(service.oidcToken(token)).caller();
  }

  @Override
  public void close() {
    service.close();
    provider.close();
  }
}
