package dev.agentserver.settings.flag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.test.Await;
import dev.agentserver.settings.Harness;
import dev.agentserver.settings.Person;
import dev.agentserver.settings.ServiceTest;
import dev.agentserver.settings.v1.CreateFlagRequest;
import dev.agentserver.settings.v1.EvaluateFlagRequest;
import dev.agentserver.settings.v1.Flag;
import dev.agentserver.settings.v1.FlagServiceGrpc;
import dev.agentserver.settings.v1.KillFlagRequest;
import io.grpc.Channel;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Two processes on one database that do not tell each other of changes.
class FlagReplicaTest extends ServiceTest {
  @Override
  protected Map<String, String> variables() {
    return Map.of("EVENTS_DOORBELL", "false");
  }

  @Test
  void aChangeWhoseNotificationIsLostIsSeenByOtherProcessesAllTheSame() {
    try (Harness other = service.replica(variables())) {
      Person owner = service.person(UUID.randomUUID(), "TENANT_OWNER");
      var there = other.channel(owner.caller());
      var flags = FlagServiceGrpc.newBlockingStub(owner.channel());
      assertThat(evaluate(there)).isEqualTo("FLAG_NOT_FOUND");
      flags.createFlag(
          CreateFlagRequest.newBuilder()
              .setFlag(Flag.newBuilder().setKey("search").setDefinition(Definitions.bool(true)))
              .build());
      Await.until("the flag is there", () -> evaluate(there).equals("STATIC"));
      flags.killFlag(KillFlagRequest.newBuilder().setKey("search").build());
      Await.until("the flag is killed", () -> evaluate(there).equals("DISABLED"));
    }
  }

  @Test
  void thePlatformsFlagsLieBeneathThoseOfEveryTenant() {
    var platform = service.person(UUID.randomUUID(), "PLATFORM_ADMIN", "TENANT_OWNER");
    var tenant = service.person(UUID.randomUUID(), "TENANT_OWNER");
    create(platform, Definitions.bool(true));
    Await.until("it is the tenant's too", () -> evaluate(tenant.channel()).equals("STATIC"));
    FlagServiceGrpc.newBlockingStub(tenant.channel())
        .killFlag(KillFlagRequest.newBuilder().setKey("search").build());
    assertThat(evaluate(tenant.channel())).isEqualTo("DISABLED");
    assertThat(evaluate(platform.channel())).isEqualTo("STATIC");
  }

  private static void create(Person owner, com.google.protobuf.Struct definition) {
    FlagServiceGrpc.newBlockingStub(owner.channel())
        .createFlag(
            CreateFlagRequest.newBuilder()
                .setFlag(Flag.newBuilder().setKey("search").setDefinition(definition))
                .build());
  }

  /// Why the flag is what it is, or what is wrong with it.
  private static String evaluate(Channel channel) {
    var found =
        FlagServiceGrpc.newBlockingStub(channel)
            .evaluateFlag(EvaluateFlagRequest.newBuilder().setKey("search").build());
    return found.getErrorCode().isEmpty() ? found.getReason() : found.getErrorCode();
  }
}
