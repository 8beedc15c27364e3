package dev.agentserver.settings;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.settings.v1.ChatSettingsServiceGrpc;
import dev.agentserver.settings.v1.ChatSettingsServiceGrpc.ChatSettingsServiceBlockingStub;
import io.grpc.Channel;

/// Somebody who calls the service, with the stubs that carry their token.
public record Person(Caller caller, Channel channel, ChatSettingsServiceBlockingStub chat) {
  static Person on(Caller caller, Channel channel) {
    return new Person(caller, channel, ChatSettingsServiceGrpc.newBlockingStub(channel));
  }

  public String id() {
    return caller.principalId().toString();
  }
}
