package dev.agentserver.settings.key;

import com.google.protobuf.Timestamp;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.v1.ApiKey;
import dev.agentserver.settings.v1.ApiKeyServiceGrpc;
import dev.agentserver.settings.v1.CreateApiKeyRequest;
import dev.agentserver.settings.v1.CreateApiKeyResponse;
import dev.agentserver.settings.v1.ListApiKeysRequest;
import dev.agentserver.settings.v1.ListApiKeysResponse;
import dev.agentserver.settings.v1.RevokeApiKeyRequest;
import dev.agentserver.settings.v1.RotateApiKeyRequest;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// ApiKeyService: translation between the contract and [ApiKeys].
public final class ApiKeyRpc implements BindableService {
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 200;
  private static final String EVERYBODY = "-";

  private final ApiKeys keys;

  public ApiKeyRpc(ApiKeys keys) {
    this.keys = keys;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ApiKeyServiceGrpc.getServiceDescriptor())
        .unary(ApiKeyServiceGrpc.getCreateApiKeyMethod(), this::create)
        .unary(ApiKeyServiceGrpc.getListApiKeysMethod(), this::list)
        .unary(ApiKeyServiceGrpc.getRotateApiKeyMethod(), this::rotate)
        .unary(ApiKeyServiceGrpc.getRevokeApiKeyMethod(), this::revoke)
        .build();
  }

  private CreateApiKeyResponse create(CreateApiKeyRequest request) {
    var draft =
        new NewKey(
            request.getName(),
            request.getUserId().isEmpty() ? null : UUID.fromString(request.getUserId()),
            request.getScopesList(),
            request.hasExpiresAt() ? instant(request.getExpiresAt()) : null);
    var attempt = attempt(ApiKeyServiceGrpc.getCreateApiKeyMethod(), request);
    return shown(keys.create(Callers.current(), attempt, draft));
  }

  private ListApiKeysResponse list(ListApiKeysRequest request) {
    var caller = Callers.current();
    var userId = whose(caller, request.getUserId());
    var scope = new PageScope(caller, "ListApiKeys", String.valueOf(userId));
    var after =
        scope
            .position(
                request.getPageToken(),
                place -> new KeyPosition(Instant.parse(place.get(0)), place.get(1)))
            .orElse(null);
    var size = PageScope.size(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
    var page = keys.list(caller, userId, after, size);
    var next = page.next();
    return ListApiKeysResponse.newBuilder()
        .addAllKeys(page.keys().stream().map(ApiKeyRpc::toProto).toList())
        .setNextPageToken(
            next == null ? "" : scope.token(List.of(next.createdAt().toString(), next.keyId())))
        .build();
  }

  private CreateApiKeyResponse rotate(RotateApiKeyRequest request) {
    var attempt = attempt(ApiKeyServiceGrpc.getRotateApiKeyMethod(), request);
    var overlap = Duration.ofSeconds(request.getOverlapSeconds());
    return shown(keys.rotate(Callers.current(), attempt, request.getKeyId(), overlap));
  }

  private ApiKey revoke(RevokeApiKeyRequest request) {
    var method = ApiKeyServiceGrpc.getRevokeApiKeyMethod().getFullMethodName();
    return toProto(keys.revoke(Callers.current(), method, request.getKeyId()));
  }

  /// The text of a key is blanked in what is stored, so a retry gets the key without it.
  private static <Q extends com.google.protobuf.Message> Attempt<Shown> attempt(
      MethodDescriptor<Q, CreateApiKeyResponse> method, Q request) {
    return Attempts.of(
        method,
        request,
        ApiKeyRpc::shown,
        stored -> new Shown(fromProto(stored.getKey()), stored.getSecret()));
  }

  private static @Nullable UUID whose(Caller caller, String userId) {
    if (userId.isEmpty()) {
      return caller.principalId();
    }
    if (userId.equals(EVERYBODY)) {
      return null;
    }
    try {
      return UUID.fromString(userId);
    } catch (IllegalArgumentException notAUuid) {
      throw Problem.invalid("user_id", "is neither a UUID nor \"-\"");
    }
  }

  private static CreateApiKeyResponse shown(Shown shown) {
    return CreateApiKeyResponse.newBuilder()
        .setKey(toProto(shown.key()))
        .setSecret(shown.secret())
        .build();
  }

  private static ApiKey toProto(StoredKey key) {
    var proto =
        ApiKey.newBuilder()
            .setId(key.id())
            .setName(key.name())
            .setUserId(key.userId().toString())
            .addAllScopes(key.scopes())
            .setLastFour(key.lastFour())
            .setCreatedAt(timestamp(key.createdAt()));
    if (key.expiresAt() != null) {
      proto.setExpiresAt(timestamp(key.expiresAt()));
    }
    if (key.lastUsedAt() != null) {
      proto.setLastUsedAt(timestamp(key.lastUsedAt()));
    }
    if (key.revokedAt() != null) {
      proto.setRevokedAt(timestamp(key.revokedAt()));
    }
    return proto.build();
  }

  private static StoredKey fromProto(ApiKey key) {
    return new StoredKey(
        key.getId(),
        UUID.fromString(key.getUserId()),
        key.getName(),
        key.getScopesList(),
        key.getLastFour(),
        key.hasExpiresAt() ? instant(key.getExpiresAt()) : null,
        key.hasLastUsedAt() ? instant(key.getLastUsedAt()) : null,
        key.hasRevokedAt() ? instant(key.getRevokedAt()) : null,
        instant(key.getCreatedAt()));
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
