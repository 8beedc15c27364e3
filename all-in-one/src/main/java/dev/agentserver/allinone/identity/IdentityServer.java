package dev.agentserver.allinone.identity;

import dev.agentserver.allinone.data.PrivateFile;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.grpc.GrpcServer;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.JwtVerifier;
import dev.agentserver.kit.identity.TicketIssuer;
import dev.agentserver.kit.identity.TicketVerifier;
import dev.agentserver.kit.identity.TokenIssuer;
import dev.agentserver.kit.observe.AdminHttp;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The development identity at work: its file, its keys and its listeners.
public final class IdentityServer implements AutoCloseable {
  /// The service's name in logs, and in the list of endpoints.
  public static final String NAME = "development-identity";

  /// The file with the key of the first tenant; those of the others are numbered from 2.
  public static final String KEY_FILE = "development-key";

  private static final Logger LOG = LoggerFactory.getLogger(IdentityServer.class);

  private final IdentityFile known;
  private final JwtVerifier verifier;
  private final TicketVerifier tickets;
  private final Health health;
  private final GrpcServer server;
  private final AdminHttp admin;

  private IdentityServer(
      IdentityFile known,
      JwtVerifier verifier,
      TicketVerifier tickets,
      Health health,
      GrpcServer server,
      AdminHttp admin) {
    this.known = known;
    this.verifier = verifier;
    this.tickets = tickets;
    this.health = health;
    this.server = server;
    this.admin = admin;
  }

  /// Starts it, and writes each tenant's key to a file of its own beside its own file.
  public static IdentityServer start(IdentityConfig config) {
    config.requireDevelopment();
    var directory = config.directory();
    var clock = Clock.systemUTC();
    var ids = Ids.uuidV7(clock);
    var file = directory.resolve("development-identity.json");
    var known = IdentityFile.open(file, config.tenants(), ids);
    writeKeys(directory, known);
    var key = known.signingKey().publicJwk();
    var tickets = new TicketVerifier(() -> List.of(key), clock);
    var rpc =
        new AccessRpc(
            new DevelopmentIdentity(known),
            new TokenIssuer(known.signingKey(), clock, ids::next),
            new TicketIssuer(known.signingKey(), clock, ids::next),
            tickets,
            key);
    var verifier = new JwtVerifier(() -> List.of(key), clock);
    var metrics = new Metrics(NAME);
    var health = new Health();
    var server =
        GrpcServer.start(
            config.server(), verifier, IdentityServer::refused, metrics, health, List.of(rpc));
    var admin =
        AdminHttp.start(config.server().host(), config.server().adminPort(), metrics, health);
    return new IdentityServer(known, verifier, tickets, health, server, admin);
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

  /// What the services prove themselves with.
  public String serviceCredential() {
    return known.serviceCredential().format();
  }

  private static void refused(
      @Nullable Caller caller, String method, String reason, String address) {
    LOG.info("{} was refused to {} ({})", method, address, reason);
  }

  private static void writeKeys(Path directory, IdentityFile known) {
    for (var n = 1; n <= known.tenants().size(); n++) {
      ApiKey key = known.tenants().get(n - 1).key();
      var name = n == 1 ? KEY_FILE : KEY_FILE + "-" + n;
      PrivateFile.write(directory.resolve(name), key.format() + "\n");
    }
  }

  @Override
  public void close() {
    health.drain();
    server.close();
    admin.close();
    health.close();
    verifier.close();
    tickets.close();
  }
}
