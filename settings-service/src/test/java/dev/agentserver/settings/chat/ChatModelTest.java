package dev.agentserver.settings.chat;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.settings.Person;
import dev.agentserver.settings.registry.RegistryTest;
import dev.agentserver.settings.v1.ChatSettings;
import dev.agentserver.settings.v1.DeleteProviderRequest;
import dev.agentserver.settings.v1.UpdateChatSettingsRequest;
import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;

class ChatModelTest extends RegistryTest {
  @Test
  void aModelThatNobodyKnowsIsRefusedAsSoonAsAnyIsKnown() {
    var member = service.person(owner.caller().tenantId(), "MEMBER");
    assertThat(choose(member, "anything").getModel()).isEqualTo("anything");
    var acme = provider(owner, "acme");
    model(owner, acme, "large-1");
    assertThat(choose(member, "large-1").getModel()).isEqualTo("large-1");
    for (var unknown : new String[] {"large-2", "acme/large-1", "LARGE-1"}) {
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> choose(member, unknown))
          .field("chat_settings.model");
    }
    // What was chosen before is nobody's fault, and going back to the default is always possible.
    var other =
        UpdateChatSettingsRequest.newBuilder()
            .setChatSettings(ChatSettings.newBuilder().setMaxTokens(10))
            .build();
    assertThat(member.chat().updateChatSettings(other).getModel()).isEqualTo("large-1");
    var none = UpdateChatSettingsRequest.newBuilder().setUpdateMask(mask("model"));
    none.getChatSettingsBuilder();
    assertThat(member.chat().updateChatSettings(none.build()).getModel()).isEmpty();
    providers(owner)
        .deleteProvider(DeleteProviderRequest.newBuilder().setProviderId(acme.getId()).build());
    assertThat(choose(member, "large-2").getModel()).isEqualTo("large-2");
  }

  private static ChatSettings choose(Person somebody, String model) {
    return somebody
        .chat()
        .updateChatSettings(
            UpdateChatSettingsRequest.newBuilder()
                .setChatSettings(ChatSettings.newBuilder().setModel(model))
                .build());
  }
}
