package dev.agentserver.kit.grpc;

import com.google.protobuf.Duration;
import dev.agentserver.kit.config.LiveConfig;
import dev.agentserver.kit.config.LiveSetting.Definition;
import dev.agentserver.settings.v1.PullSettingsRequest;
import dev.agentserver.settings.v1.PullSettingsResponse;
import dev.agentserver.settings.v1.PulledSetting;
import dev.agentserver.settings.v1.RegisterSettingsRequest;
import dev.agentserver.settings.v1.SettingDefinition;
import dev.agentserver.settings.v1.SettingFeedServiceGrpc;
import dev.agentserver.settings.v1.SettingType;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Defines the settings of this service at settings-service and follows their values while the
/// process lives. settings-service may start before or after, and may be away: then they stay as
/// they are.
public final class SettingFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SettingFeed.class);
  private static final int WAIT_SECONDS = 20;
  private static final java.time.Duration DEADLINE = java.time.Duration.ofSeconds(25);
  private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(5);
  private static final long RETRY_MILLIS = 1_000;

  private final ServicePeer settings;
  private final String service;
  private final LiveConfig config;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private boolean registered;
  private boolean failing;

  private SettingFeed(ServicePeer settings, String service, LiveConfig config) {
    this.settings = settings;
    this.service = service;
    this.config = config;
    this.thread = Thread.ofVirtual().name("settings").unstarted(this::follow);
  }

  /// @param service the name the settings are registered under
  public static SettingFeed start(ServicePeer settings, String service, LiveConfig config) {
    var feed = new SettingFeed(settings, service, config);
    feed.thread.start();
    return feed;
  }

  private void follow() {
    try {
      while (closed.getCount() > 0) {
        if (!turn()) {
          closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException _) {
      // Closing.
    }
  }

  private boolean turn() {
    try {
      if (!registered) {
        register();
        registered = true;
      }
      take(pull());
      if (failing) {
        LOG.info("settings are followed again");
      }
      failing = false;
      return true;
    } catch (RuntimeException failure) {
      if (closed.getCount() > 0 && !failing) {
        LOG.warn("settings cannot be followed now and stay as they are: {}", failure.toString());
      }
      failing = true;
      return false;
    }
  }

  private void register() {
    var request = RegisterSettingsRequest.newBuilder().setService(service);
    config.definitions().forEach(each -> request.addDefinitions(definition(each)));
    var reply =
        settings.ask(
            SettingFeedServiceGrpc::newBlockingStub,
            DEADLINE,
            stub -> stub.registerSettings(request.build()));
    if (reply.getRefusedCount() > 0) {
      LOG.warn(
          "settings-service keeps its own definitions of {}: stored values break the new ones",
          reply.getRefusedList());
    }
  }

  private static SettingDefinition definition(Definition definition) {
    return SettingDefinition.newBuilder()
        .setKey(definition.key())
        .setType(SettingType.valueOf("SETTING_TYPE_" + definition.type()))
        .setSchema(definition.schema())
        .setDefaultValue(definition.fallback())
        .setDescription(definition.description())
        .build();
  }

  private PullSettingsResponse pull() {
    var request =
        PullSettingsRequest.newBuilder()
            .setService(service)
            .setEnvironment(config.name())
            .setWait(Duration.newBuilder().setSeconds(WAIT_SECONDS));
    if (config.revision() >= 0) {
      request.setAfterRevision(config.revision());
    }
    return settings.ask(
        SettingFeedServiceGrpc::newBlockingStub,
        DEADLINE,
        stub -> stub.pullSettings(request.build()));
  }

  private void take(PullSettingsResponse reply) {
    if (reply.getRevision() != config.revision()) {
      config.take(
          reply.getRevision(),
          reply.getSettingsList().stream()
              .collect(Collectors.toMap(PulledSetting::getKey, PulledSetting::getValue)));
      LOG.info("settings are those of revision {}", reply.getRevision());
    }
  }

  /// Breaks off the call that waits.
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
