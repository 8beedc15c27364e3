package dev.agentserver.settings.flag;

import com.google.protobuf.Struct;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.settings.Config;
import dev.agentserver.settings.Live;
import dev.agentserver.settings.SettingsProcess;
import dev.agentserver.settings.v1.CreateFlagRequest;
import dev.agentserver.settings.v1.Flag;
import dev.agentserver.settings.v1.FlagServiceGrpc;
import dev.agentserver.settings.v1.UpdateFlagRequest;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.HashMap;
import java.util.Map;

/// The service as it runs, with real ports and one tenant, whose owner's key clients without a
/// credential act by.
final class Serving implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final TestDatabase database = TestDatabase.fresh(Config.SCHEMA);
  private final String key;
  private final SettingsProcess process;
  private final ManagedChannel channel;
  private final ManagedChannel guests;

  Serving(Map<String, String> more) {
    var variables =
        new HashMap<>(
            Map.of(
                "PORT",
                "0",
                "ADMIN_PORT",
                "0",
                "SETTINGS_KEY",
                Live.SETTINGS_KEY,
                "KEY_PEPPER",
                Live.PEPPER,
                "DB_URL",
                database.config().url(),
                "DB_PASSWORD",
                database.config().runtimePassword().value(),
                "DB_OWNER_PASSWORD",
                database.config().ownerPassword().value()));
    variables.putAll(more);
    key = SettingsProcess.ownerKey(Config.from(Environment.of(variables)));
    variables.put("FLAGD_KEY", key);
    process = SettingsProcess.start(Config.from(Environment.of(variables)));
    channel = Peers.channel("static:127.0.0.1:" + process.port());
    guests = Peers.channel("static:127.0.0.1:" + process.guestPort());
  }

  String key() {
    return key;
  }

  String url() {
    return "http://127.0.0.1:" + process.httpPort() + "/ofrep/v1/";
  }

  /// As the owner.
  Channel channel() {
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + key);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  Channel withoutCredential() {
    return channel;
  }

  Channel guests() {
    return guests;
  }

  Flag create(String name, String environment, Struct definition) {
    return FlagServiceGrpc.newBlockingStub(channel())
        .createFlag(
            CreateFlagRequest.newBuilder()
                .setFlag(
                    Flag.newBuilder()
                        .setKey(name)
                        .setEnvironment(environment)
                        .setDefinition(definition))
                .build());
  }

  Flag update(String name, Struct definition) {
    return FlagServiceGrpc.newBlockingStub(channel())
        .updateFlag(
            UpdateFlagRequest.newBuilder()
                .setFlag(Flag.newBuilder().setKey(name).setDefinition(definition))
                .build());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    guests.shutdownNow();
    process.close();
    database.close();
  }
}
