package dev.agentserver.settings;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.settings.v1.ChatSettingsServiceGrpc;
import dev.agentserver.settings.v1.ChatSettingsServiceGrpc.ChatSettingsServiceBlockingStub;
import dev.agentserver.settings.v1.OrganizationServiceGrpc;
import dev.agentserver.settings.v1.OrganizationServiceGrpc.OrganizationServiceBlockingStub;
import dev.agentserver.settings.v1.RoleServiceGrpc;
import dev.agentserver.settings.v1.RoleServiceGrpc.RoleServiceBlockingStub;
import dev.agentserver.settings.v1.UserServiceGrpc;
import dev.agentserver.settings.v1.UserServiceGrpc.UserServiceBlockingStub;
import io.grpc.Channel;

/// Somebody who calls the service, with the stubs that carry their token.
public record Person(
    Caller caller,
    Channel channel,
    ChatSettingsServiceBlockingStub chat,
    UserServiceBlockingStub users,
    RoleServiceBlockingStub roles,
    OrganizationServiceBlockingStub organizations) {
  static Person on(Caller caller, Channel channel) {
    return new Person(
        caller,
        channel,
        ChatSettingsServiceGrpc.newBlockingStub(channel),
        UserServiceGrpc.newBlockingStub(channel),
        RoleServiceGrpc.newBlockingStub(channel),
        OrganizationServiceGrpc.newBlockingStub(channel));
  }

  public String id() {
    return caller.principalId().toString();
  }
}
