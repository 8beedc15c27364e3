package dev.agentserver.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.grpc.GrpcServer;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.KeyVerifier;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.test.MovableClock;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.settings.bootstrap.Bootstrap;
import dev.agentserver.settings.key.KeyHashes;
import dev.agentserver.settings.revocation.Revocations;
import dev.agentserver.settings.token.SigningKeys;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.AccessServiceGrpc.AccessServiceBlockingStub;
import dev.agentserver.settings.v1.ApiKeyServiceGrpc;
import dev.agentserver.settings.v1.ApiKeyServiceGrpc.ApiKeyServiceBlockingStub;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.GetMeRequest;
import dev.agentserver.settings.v1.OnBehalfOf;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The service with its own identity: callers prove themselves with what it issued, and its clock
/// stands still until a test moves it.
public final class Live implements AutoCloseable {
  public static final String SETTINGS_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
  public static final String PEPPER = "a pepper of these tests";

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final MovableClock clock;
  private final TestDatabase database = TestDatabase.fresh(Config.SCHEMA);
  private final Metrics metrics = new Metrics("test");
  private final Health health = new Health();
  private final Config config;
  private final KitRuntime kit;
  private final DomainWiring domain;
  private final KeyVerifier verifier;
  private final GrpcServer server;
  private final ManagedChannel channel;
  private final Bootstrap bootstrap;
  private final SecureRandom random = new SecureRandom();
  private final ApiKey platformKey = ApiKey.generate("dev", random);
  private final ApiKey credential = ApiKey.generate("service", random);

  public Live() {
    this(0);
  }

  /// @param port 0 takes a free one
  public Live(int port) {
    this(Map.of("PORT", Integer.toString(port)));
  }

  /// @param variables beside those that every such service has
  public Live(Map<String, String> variables) {
    this(new MovableClock(Instant.now()), variables);
  }

  /// The same with a clock that others go by too.
  public Live(MovableClock clock, Map<String, String> variables) {
    this.clock = clock;
    var all =
        new HashMap<>(
            Map.of(
                "ADMIN_PORT",
                "0",
                "DRAIN_TIMEOUT",
                "0s",
                "SETTINGS_KEY",
                SETTINGS_KEY,
                "KEY_PEPPER",
                PEPPER));
    all.putAll(variables);
    config = Config.from(Environment.of(all));
    kit = KitRuntime.open(database.config(), clock, metrics, health);
    domain = DomainWiring.open(kit, config, metrics, clock);
    verifier = domain.verifier(clock);
    var services = new ArrayList<>(domain.services());
    services.addAll(kit.services());
    services.add(domain.authorization(verifier, kit.audit()));
    server = GrpcServer.start(config.server(), verifier, kit.audit(), metrics, health, services);
    channel = Peers.channel(target());
    bootstrap =
        new Bootstrap(
            kit.database(),
            new KeyHashes(config.keyPepper()),
            Ids.uuidV7(clock)::next,
            environment -> ApiKey.generate(environment, random));
  }

  /// Where it listens, as other processes are told.
  public String target() {
    return "static:127.0.0.1:" + server.port();
  }

  /// Ends the server as a crash would; the database stays.
  public void stopServing() {
    server.close();
  }

  /// A tenant with an owner whose key this is.
  public record Tenant(UUID id, UUID ownerId, String ownerKey) {}

  public Tenant tenant() {
    return tenant(UUID.randomUUID());
  }

  /// The tenant with this id.
  public Tenant tenant(UUID id) {
    var key = ApiKey.generate("dev", random);
    var tenant = new Bootstrap.Tenant(id, "test", UUID.randomUUID(), key);
    bootstrap.development(List.of(tenant), platformKey, credential);
    return new Tenant(tenant.id(), tenant.ownerId(), key.format());
  }

  public MovableClock clock() {
    return clock;
  }

  public TestDatabase database() {
    return database;
  }

  public KitRuntime kit() {
    return kit;
  }

  public Config config() {
    return config;
  }

  /// Every row of every table of the schema, as text; bytes in hexadecimal.
  public String everything() {
    var dump = new StringBuilder();
    var tables =
        database.rows(
            "select table_name from information_schema.tables where table_schema = 'settings' and table_type = 'BASE TABLE'");
    assertThat(tables).contains("api_key", "idempotency_key");
    for (var table : tables) {
      database
          .rows("select t::text from settings." + table + " t")
          .forEach(row -> dump.append(row).append('\n'));
    }
    return dump.toString();
  }

  /// Writes what otherwise waits a few seconds.
  public void flushSightings() {
    domain.tokens().sightings().flush();
  }

  /// Revokes as another part of the service does.
  public Revocations revocations() {
    return domain.revocations();
  }

  public SigningKeys signingKeys() {
    return domain.tokens().keys();
  }

  public Bootstrap bootstrap() {
    return bootstrap;
  }

  public String platformKey() {
    return platformKey.format();
  }

  public String serviceCredential() {
    return credential.format();
  }

  /// Without credential.
  public Channel channel() {
    return channel;
  }

  /// Calls with this credential; empty for none.
  public Channel as(String bearer) {
    if (bearer.isEmpty()) {
      return channel;
    }
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + bearer);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  public AccessServiceBlockingStub access(String bearer) {
    return AccessServiceGrpc.newBlockingStub(as(bearer));
  }

  public ApiKeyServiceBlockingStub keys(String bearer) {
    return ApiKeyServiceGrpc.newBlockingStub(as(bearer));
  }

  /// The token of a key.
  public String token(String apiKey) {
    return access("")
        .exchangeToken(ExchangeTokenRequest.newBuilder().setApiKey(apiKey).build())
        .getAccessToken();
  }

  /// The token of a service principal.
  public String serviceToken() {
    return access("")
        .exchangeToken(
            ExchangeTokenRequest.newBuilder().setServiceCredential(serviceCredential()).build())
        .getAccessToken();
  }

  /// The token that a provider's token is exchanged for.
  public String oidcToken(String token) {
    return access("")
        .exchangeToken(ExchangeTokenRequest.newBuilder().setOidcToken(token).build())
        .getAccessToken();
  }

  /// The token of a user that the key's application acts for.
  public String token(String apiKey, String subject, String... roles) {
    return access("")
        .exchangeToken(
            ExchangeTokenRequest.newBuilder()
                .setApiKey(apiKey)
                .setOnBehalfOf(
                    OnBehalfOf.newBuilder().setExternalSubject(subject).addAllRoles(List.of(roles)))
                .build())
        .getAccessToken();
  }

  /// Whether this credential opens nothing any more.
  public boolean refuses(String bearer) {
    try {
      access(bearer).getMe(GetMeRequest.getDefaultInstance());
      return false;
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode() == Code.UNAUTHENTICATED;
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
    verifier.close();
    domain.close();
    kit.close();
    health.close();
    metrics.close();
    database.close();
  }
}
