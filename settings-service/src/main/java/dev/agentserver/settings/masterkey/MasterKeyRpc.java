package dev.agentserver.settings.masterkey;

import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.settings.text.ProtoText;
import dev.agentserver.settings.v1.DestroyKeyRequest;
import dev.agentserver.settings.v1.GetRewrapRequest;
import dev.agentserver.settings.v1.ListKeysRequest;
import dev.agentserver.settings.v1.ListKeysResponse;
import dev.agentserver.settings.v1.MasterKey;
import dev.agentserver.settings.v1.MasterKeyServiceGrpc;
import dev.agentserver.settings.v1.MasterKeyVersion;
import dev.agentserver.settings.v1.Rewrap;
import dev.agentserver.settings.v1.RewrapAllRequest;
import dev.agentserver.settings.v1.RotateKeyRequest;
import dev.agentserver.settings.v1.SetMinimumVersionRequest;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;

/// MasterKeyService: translation between the contract and [MasterKeys] and [Rewraps].
public final class MasterKeyRpc implements BindableService {
  private static final int PAGE = 50;

  private final MasterKeys keys;
  private final Rewraps rewraps;

  public MasterKeyRpc(MasterKeys keys, Rewraps rewraps) {
    this.keys = keys;
    this.rewraps = rewraps;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(MasterKeyServiceGrpc.getServiceDescriptor())
        .unary(MasterKeyServiceGrpc.getListKeysMethod(), this::list)
        .unary(MasterKeyServiceGrpc.getRotateKeyMethod(), this::rotate)
        .unary(MasterKeyServiceGrpc.getSetMinimumVersionMethod(), this::minimum)
        .unary(MasterKeyServiceGrpc.getDestroyKeyMethod(), this::destroy)
        .unary(MasterKeyServiceGrpc.getRewrapAllMethod(), this::rewrap)
        .unary(MasterKeyServiceGrpc.getGetRewrapMethod(), this::progress)
        .build();
  }

  private ListKeysResponse list(ListKeysRequest request) {
    var scope =
        new PageScope(
            Callers.current(), MasterKeyServiceGrpc.getListKeysMethod().getFullMethodName(), "");
    var after = scope.position(request.getPageToken(), List::getFirst).orElse("");
    var size = PageScope.size(request.getPageSize(), PAGE, PAGE);
    var found = keys.list().stream().filter(key -> key.id().compareTo(after) > 0).toList();
    var page = ListKeysResponse.newBuilder();
    found.stream().limit(size).forEach(key -> page.addKeys(toProto(key)));
    if (found.size() > size) {
      page.setNextPageToken(scope.token(List.of(found.get(size - 1).id())));
    }
    return page.build();
  }

  private MasterKey rotate(RotateKeyRequest request) {
    return toProto(
        keys.rotate(
            Callers.current(),
            MasterKeyServiceGrpc.getRotateKeyMethod().getFullMethodName(),
            request.getKeyId(),
            request.getCurrentVersion()));
  }

  private MasterKey minimum(SetMinimumVersionRequest request) {
    return toProto(
        keys.minimum(
            Callers.current(),
            MasterKeyServiceGrpc.getSetMinimumVersionMethod().getFullMethodName(),
            request.getKeyId(),
            request.getMinimumVersion()));
  }

  private MasterKey destroy(DestroyKeyRequest request) {
    return toProto(
        keys.destroy(
            Callers.current(),
            MasterKeyServiceGrpc.getDestroyKeyMethod().getFullMethodName(),
            request.getKeyId(),
            request.getVersion()));
  }

  private Rewrap rewrap(RewrapAllRequest request) {
    var method = MasterKeyServiceGrpc.getRewrapAllMethod().getFullMethodName();
    return toProto(rewraps.begin(Callers.current(), method));
  }

  private Rewrap progress(GetRewrapRequest request) {
    return toProto(rewraps.get(UUID.fromString(request.getId())));
  }

  private static MasterKey toProto(dev.agentserver.settings.masterkey.MasterKey key) {
    var message =
        MasterKey.newBuilder()
            .setId(key.id())
            .setPrimary(key.primary())
            .setAvailable(key.available())
            .setMinimumVersion(key.minimumVersion());
    for (var version : key.versions()) {
      message.addVersions(
          MasterKeyVersion.newBuilder()
              .setVersion(version.number())
              .setRows(version.rows())
              .setCreatedAt(ProtoText.timestamp(version.createdAt())));
    }
    return message.build();
  }

  private static Rewrap toProto(dev.agentserver.settings.masterkey.Rewrap rewrap) {
    return Rewrap.newBuilder()
        .setId(rewrap.id().toString())
        .setState(rewrap.running() ? Rewrap.State.STATE_RUNNING : Rewrap.State.STATE_DONE)
        .setRewrapped(rewrap.rewrapped())
        .setFailed(rewrap.failed())
        .setRemaining(rewrap.remaining())
        .setCreatedAt(ProtoText.timestamp(rewrap.createdAt()))
        .setUpdatedAt(ProtoText.timestamp(rewrap.updatedAt()))
        .build();
  }
}
