package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.system.Account;
import dev.agentserver.settings.v1.ApplyChangesRequest;
import dev.agentserver.settings.v1.ConfigurationServiceGrpc;
import dev.agentserver.settings.v1.CreateSettingDefinitionRequest;
import dev.agentserver.settings.v1.GetConfigRequest;
import dev.agentserver.settings.v1.SettingChange;
import dev.agentserver.settings.v1.SettingDefinition;
import dev.agentserver.settings.v1.SettingDefinitionServiceGrpc;
import dev.agentserver.settings.v1.SettingType;
import dev.agentserver.settings.v1.WatchConfigRequest;
import dev.agentserver.settings.v1.WatchConfigResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;

/// A tenant with some settings, those who watch them by gRPC on one connection, and one who changes
/// them.
public final class SettingWatchers implements AutoCloseable {
  private static final String KEY = "benchmark.setting_";

  private final ManagedChannel channel;
  private final String token;
  private final AtomicLong count = new AtomicLong();

  /// @param token of somebody who may change settings
  public SettingWatchers(URI server, String token, int settings, Arrivals arrivals) {
    this.channel = Account.channel(server);
    this.token = token;
    define(settings);
    var door = new Door();
    for (var n = 0; n < arrivals.watchers(); n++) {
      door.enter();
      Account.as(token, ConfigurationServiceGrpc.newStub(channel))
          .watchConfig(WatchConfigRequest.getDefaultInstance(), new Watcher(arrivals, door));
    }
    door.awaitAll();
  }

  private void define(int settings) {
    var there =
        Account.as(token, ConfigurationServiceGrpc.newBlockingStub(channel))
            .getConfig(GetConfigRequest.newBuilder().setKeyPrefix(KEY).build())
            .getSettingsCount();
    var definitions = Account.as(token, SettingDefinitionServiceGrpc.newBlockingStub(channel));
    for (var n = there; n < settings; n++) {
      definitions.createSettingDefinition(
          CreateSettingDefinitionRequest.newBuilder()
              .setDefinition(
                  SettingDefinition.newBuilder()
                      .setKey(KEY + n)
                      .setType(SettingType.SETTING_TYPE_INT)
                      .setDefaultValue("0"))
              .build());
    }
  }

  /// The first message, which has every setting, says that it is open.
  private record Watcher(Arrivals arrivals, Door door)
      implements StreamObserver<WatchConfigResponse> {
    @Override
    public void onNext(WatchConfigResponse message) {
      if (message.getSettingsCount() > 1) {
        door.entered();
      } else if (message.hasCreatedAt()) {
        arrivals.arrived(message.getRevision());
      }
    }

    /// Who misses a revision is missed.
    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }

  /// Changes a setting, and returns the revision.
  public long change() {
    var change =
        SettingChange.newBuilder()
            .setKey(KEY + 0)
            .setValue(Long.toString(System.nanoTime() + count.incrementAndGet()));
    return Account.as(token, ConfigurationServiceGrpc.newBlockingStub(channel))
        .applyChanges(ApplyChangesRequest.newBuilder().addChanges(change).build())
        .getRevision();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
