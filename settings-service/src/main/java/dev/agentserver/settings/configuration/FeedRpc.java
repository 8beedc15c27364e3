package dev.agentserver.settings.configuration;

import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.LongPoll;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.settings.v1.PullSettingsRequest;
import dev.agentserver.settings.v1.PullSettingsResponse;
import dev.agentserver.settings.v1.PulledSetting;
import dev.agentserver.settings.v1.RegisterSettingsRequest;
import dev.agentserver.settings.v1.RegisterSettingsResponse;
import dev.agentserver.settings.v1.SettingFeedServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;

/// SettingFeedService: translation between the contract and [Feed].
public final class FeedRpc implements BindableService {
  private final Feed feed;

  FeedRpc(Feed feed) {
    this.feed = feed;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(SettingFeedServiceGrpc.getServiceDescriptor())
        .unary(SettingFeedServiceGrpc.getRegisterSettingsMethod(), this::register)
        .unary(SettingFeedServiceGrpc.getPullSettingsMethod(), this::pull)
        .build();
  }

  private RegisterSettingsResponse register(RegisterSettingsRequest request) {
    var drafts = request.getDefinitionsList().stream().map(SettingProto::draft).toList();
    var action = SettingFeedServiceGrpc.getRegisterSettingsMethod().getFullMethodName();
    return RegisterSettingsResponse.newBuilder()
        .addAllRefused(feed.register(Callers.current(), request.getService(), drafts, action))
        .build();
  }

  private PullSettingsResponse pull(PullSettingsRequest request) {
    var pulled =
        feed.pull(
            request.getService(),
            request.getEnvironment(),
            request.hasAfterRevision() ? request.getAfterRevision() : null,
            LongPoll.wait(request.getWait()));
    var reply = PullSettingsResponse.newBuilder().setRevision(pulled.revision());
    pulled
        .settings()
        .forEach(
            each ->
                reply.addSettings(
                    PulledSetting.newBuilder()
                        .setKey(each.key())
                        .setValue(each.text())
                        .setLayer(SettingProto.layer(each.layer()))));
    return reply.build();
  }
}
