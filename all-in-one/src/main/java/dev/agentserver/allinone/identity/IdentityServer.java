package dev.agentserver.allinone.identity;

import dev.agentserver.allinone.data.PrivateFile;
import dev.agentserver.kit.grpc.GrpcServer;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.JwtVerifier;
import dev.agentserver.kit.identity.TokenIssuer;
import dev.agentserver.kit.observe.AdminHttp;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The development identity at work: its file, its keys and its listeners.
public final class IdentityServer implements AutoCloseable {
  /// The service's name in logs, and in the list of endpoints.
  public static final String NAME = "development-identity";

  private static final Logger LOG = LoggerFactory.getLogger(IdentityServer.class);

  private final IdentityFile known;
  private final JwtVerifier verifier;
  private final Health health;
  private final GrpcServer server;
  private final AdminHttp admin;

  private IdentityServer(
      IdentityFile known, JwtVerifier verifier, Health health, GrpcServer server, AdminHttp admin) {
    this.known = known;
    this.verifier = verifier;
    this.health = health;
    this.server = server;
    this.admin = admin;
  }

  /// Starts it, and writes each tenant's key to a file of its own beside its own file.
  public static IdentityServer start(IdentityConfig config) {
    config.requireDevelopment();
    var directory = config.directory();
    var known = IdentityFile.open(directory.resolve("development-identity.json"), config.tenants());
    writeKeys(directory, known);
    var key = known.signingKey().publicJwk();
    var clock = Clock.systemUTC();
    var rpc =
        new AccessRpc(
            new DevelopmentIdentity(known),
            new TokenIssuer(known.signingKey(), clock, UUID::randomUUID),
            key);
    var verifier = new JwtVerifier(() -> List.of(key), clock);
    var metrics = new Metrics(NAME);
    var health = new Health();
    var server =
        GrpcServer.start(
            config.server(), verifier, IdentityServer::refused, metrics, health, List.of(rpc));
    var admin =
        AdminHttp.start(config.server().host(), config.server().adminPort(), metrics, health);
    return new IdentityServer(known, verifier, health, server, admin);
  }

  public int port() {
    return server.port();
  }

  public int adminPort() {
    return admin.port();
  }

  /// The key of the first tenant's owner.
  public String developmentKey() {
    return known.tenants().getFirst().key().format();
  }

  /// Where the first tenant's key is.
  public static Path keyFile(Path directory) {
    return directory.resolve("development-key");
  }

  /// What the services prove themselves with.
  public String serviceCredential() {
    return known.serviceCredential().format();
  }

  private static void refused(
      @Nullable Caller caller, String method, String reason, String address) {
    LOG.info("{} was refused to {} ({})", method, address, reason);
  }

  private static void writeKeys(Path directory, IdentityFile known) {
    var first = keyFile(directory);
    for (var n = 1; n <= known.tenants().size(); n++) {
      ApiKey key = known.tenants().get(n - 1).key();
      var file = n == 1 ? first : first.resolveSibling(first.getFileName() + "-" + n);
      PrivateFile.write(file, key.format() + "\n");
    }
  }

  @Override
  public void close() {
    health.drain();
    server.close();
    admin.close();
    health.close();
    verifier.close();
  }
}
