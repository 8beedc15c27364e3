package dev.agentserver.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.FieldMask;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentConfig;
import dev.agentserver.agentrun.v1.DeleteAgentRequest;
import dev.agentserver.agentrun.v1.UpdateAgentRequest;
import dev.agentserver.kit.problem.ProblemException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AgentUseTest extends CatalogueTest {
  private final AgentUse use = new AgentUse();

  private PinnedAgent pin(dev.agentserver.kit.identity.Caller caller, String id, Integer version) {
    return service.database().write(db -> use.pin(db, caller, UUID.fromString(id), version));
  }

  @Test
  void aPinnedVersionStaysWhatItWasWhateverBecomesOfTheAgent() {
    var made =
        create(
            alice,
            Agent.newBuilder()
                .setName("Echo")
                .setConfig(AgentConfig.newBuilder().setModel("m-1").setInstructions("one")));
    var id = UUID.fromString(made.getId());
    var pinned = pin(aliceCaller, made.getId(), null);
    alice.updateAgent(
        UpdateAgentRequest.newBuilder()
            .setAgent(made.toBuilder().setConfig(AgentConfig.newBuilder().setModel("m-2")))
            .setUpdateMask(FieldMask.newBuilder().addPaths("config"))
            .build());
    assertThat(pin(aliceCaller, made.getId(), null).config().model()).isEqualTo("m-2");
    assertThat(pin(aliceCaller, made.getId(), 1)).isEqualTo(pinned);
    alice.deleteAgent(DeleteAgentRequest.newBuilder().setAgentId(made.getId()).build());

    var found = service.database().read(db -> use.pinned(db, TENANT, id, 1));
    assertThat(found).isEqualTo(pinned);
    assertThat(found.config().instructions()).isEqualTo("one");
    assertThatThrownBy(() -> pin(aliceCaller, made.getId(), null))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("NotFound");
  }

  @Test
  void anInactiveOrForeignAgentIsNotPinned() {
    var made =
        create(alice, Agent.newBuilder().setName("off").setState(Agent.State.STATE_INACTIVE));

    assertThatThrownBy(() -> pin(aliceCaller, made.getId(), null))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("AGENT_INACTIVE");
    assertThatThrownBy(() -> pin(service.caller(TENANT, "MEMBER"), made.getId(), null))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("NotFound");
  }

  @Test
  void aRunIsCountedForTheAgentAndForItsUser() {
    var made =
        create(
            alice,
            Agent.newBuilder().setName("busy").setVisibility(Agent.Visibility.VISIBILITY_TENANT));
    for (var i = 0; i < 3; i++) {
      service
          .database()
          .write(
              db -> {
                use.count(db, TENANT, aliceCaller.principalId(), UUID.fromString(made.getId()));
                return true;
              });
    }

    var own = get(alice, made.getId());
    assertThat(own.getExecutionCount()).isEqualTo(3);
    assertThat(own.getUserState().getUseCount()).isEqualTo(3);
    assertThat(own.hasLastUsedAt()).isTrue();
    assertThat(own.getEtag()).isNotEqualTo(made.getEtag());
    var others = get(bob, made.getId());
    assertThat(others.getExecutionCount()).isEqualTo(3);
    assertThat(others.getUserState().getUseCount()).isZero();
    // A run is no reason to refuse a change.
    assertThat(
            alice
                .updateAgent(
                    UpdateAgentRequest.newBuilder()
                        .setAgent(made.toBuilder().setGoal("more"))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("goal"))
                        .build())
                .getGoal())
        .isEqualTo("more");
  }
}
