package dev.agentserver.settings.chat;

import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.settings.v1.ChatSettings;
import dev.agentserver.settings.v1.ChatSettingsServiceGrpc;
import dev.agentserver.settings.v1.GetChatSettingsRequest;
import dev.agentserver.settings.v1.UpdateChatSettingsRequest;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;

/// ChatSettingsService: translation between the contract and [Chats].
public final class ChatSettingsRpc implements BindableService {
  private final Chats chats;

  public ChatSettingsRpc(Chats chats) {
    this.chats = chats;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ChatSettingsServiceGrpc.getServiceDescriptor())
        .unary(ChatSettingsServiceGrpc.getGetChatSettingsMethod(), this::get)
        .unary(ChatSettingsServiceGrpc.getUpdateChatSettingsMethod(), this::update)
        .build();
  }

  private ChatSettings get(GetChatSettingsRequest request) {
    return ChatSettingsProto.toProto(chats.get(Callers.current()));
  }

  private ChatSettings update(UpdateChatSettingsRequest request) {
    var attempt =
        Attempts
            .<UpdateChatSettingsRequest, ChatSettings, dev.agentserver.settings.chat.ChatSettings>
                of(
                    ChatSettingsServiceGrpc.getUpdateChatSettingsMethod(),
                    request,
                    ChatSettingsProto::toProto,
                    ChatSettingsProto::fromProto);
    return ChatSettingsProto.toProto(
        chats.update(
            Callers.current(),
            attempt,
            request.getChatSettings().getEtag(),
            ChatSettingsProto.edits(request)));
  }
}
