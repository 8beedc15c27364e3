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

  @Test
  void anAgentThatWasDeletedGoesForGoodUnlessARunRefersToIt() {
    var kept = deleted("pinned");
    var gone = deleted("unused");
    var recent = deleted("recent");
    service.sql(
        """
        insert into run (tenant_id, run_id, user_id, agent_id, agent_version, queue, self_execute, state, metadata, attempt,
          max_attempts, lease_epoch, ended_at, deadline_at, pause_requested, input_seq, step_count, version, created_at,
          updated_at)
        values ('%s', gen_random_uuid(), '%s', '%s', 1, 'default', false, 'SUCCEEDED', '{}', 1, 3, 1, now(), now(), false, 0,
          0, 1, now(), now());
        update agent set deleted_at = now() - interval '31 days' where agent_id in ('%s', '%s')"""
            .formatted(TENANT, aliceCaller.principalId(), kept, kept, gone));
    assertThat(new DeletedAgents(service.database()).purge()).isEqualTo(1);
    assertThat(
            service.column(
                "select name from agent where agent_id in ('%s', '%s', '%s') order by name"
                    .formatted(kept, gone, recent)))
        .containsExactly("pinned", "recent");
    assertThat(service.column("select count(*) from agent_version where agent_id = '" + gone + "'"))
        .containsExactly("0");
  }

  private String deleted(String name) {
    var made = create(alice, Agent.newBuilder().setName(name));
    alice.deleteAgent(DeleteAgentRequest.newBuilder().setAgentId(made.getId()).build());
    return made.getId();
  }
}
