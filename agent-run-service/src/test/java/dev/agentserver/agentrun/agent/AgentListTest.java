package dev.agentserver.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentConfig;
import dev.agentserver.agentrun.v1.AgentServiceGrpc.AgentServiceBlockingStub;
import dev.agentserver.agentrun.v1.ListAgentsRequest;
import dev.agentserver.agentrun.v1.ListAgentsResponse;
import dev.agentserver.agentrun.v1.SetAgentFavoriteRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgentListTest extends CatalogueTest {
  private static List<String> names(AgentServiceBlockingStub somebody, ListAgentsRequest request) {
    return somebody.listAgents(request).getAgentsList().stream().map(Agent::getName).toList();
  }

  private static void favorite(AgentServiceBlockingStub somebody, String id, boolean favorite) {
    somebody.setAgentFavorite(
        SetAgentFavoriteRequest.newBuilder().setAgentId(id).setFavorite(favorite).build());
  }

  private void used(String user, String id, String at) {
    service.sql(
        "insert into agent_user_state values ('%s', '%s', '%s', false, '%s', 1)"
                .formatted(TENANT, user, id, at)
            + " on conflict (tenant_id, user_id, agent_id) do update set last_used_at = '%s'"
                .formatted(at));
  }

  @Test
  void favouritesComeFirstThenTheLastUsedThenTheNewestOnEveryPage() {
    var caller = service.caller(TENANT, "MEMBER");
    var carol = agents(caller);
    var ids = IntStream.range(0, 9).mapToObj(i -> create(carol, "a" + i).getId()).toList();
    var user = caller.principalId().toString();
    favorite(carol, ids.get(1), true);
    favorite(carol, ids.get(4), true);
    favorite(carol, ids.get(6), true);
    favorite(carol, ids.get(6), false);
    used(user, ids.get(1), "2024-01-01T00:00:00Z");
    used(user, ids.get(3), "2024-01-02T00:00:00Z");
    used(user, ids.get(0), "2024-01-03T00:00:00Z");

    var walked = new ArrayList<String>();
    var request = ListAgentsRequest.newBuilder().setPageSize(2);
    ListAgentsResponse page;
    do {
      page = carol.listAgents(request.build());
      page.getAgentsList().forEach(agent -> walked.add(agent.getName()));
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());

    assertThat(walked).containsExactly("a1", "a4", "a0", "a3", "a8", "a7", "a6", "a5", "a2");
    assertThat(names(carol, ListAgentsRequest.newBuilder().setFavorite(true).build()))
        .containsExactly("a1", "a4");
  }

  @Test
  void aHundredAgentsAreOneStatement() {
    var dave = agents(service.caller(TENANT, "MEMBER"));
    for (var i = 0; i < 100; i++) {
      create(
          dave,
          Agent.newBuilder()
              .setName("d" + i)
              .setConfig(AgentConfig.newBuilder().setModel("m" + i).setInstructions("long")));
    }
    var page = new AtomicReference<ListAgentsResponse>();
    var statements =
        service.statements(
            () ->
                page.set(
                    dave.listAgents(
                        ListAgentsRequest.newBuilder()
                            .setPageSize(100)
                            .setState(Agent.State.STATE_ACTIVE)
                            .build())));

    assertThat(statements).isEqualTo(1);
    assertThat(page.get().getAgentsList()).hasSize(100);
    assertThat(page.get().getAgents(0).getConfig().getModel()).isEqualTo("m99");
    assertThat(page.get().getAgents(0).getConfig().getInstructions()).isEmpty();
  }

  @Test
  void aPageIsNoLongerThanTwoMebibytes() {
    var erin = agents(service.caller(TENANT, "MEMBER"));
    for (var i = 0; i < 90; i++) {
      create(
          erin,
          Agent.newBuilder()
              .setName("e")
              .setDescription("\u6f22".repeat(4096))
              .setGoal("\u6f22".repeat(4096)));
    }
    var request = ListAgentsRequest.newBuilder().setPageSize(90);
    var first = erin.listAgents(request.build());
    var second = erin.listAgents(request.setPageToken(first.getNextPageToken()).build());

    assertThat(first.getSerializedSize()).isLessThan(2 * 1024 * 1024 + 64 * 1024);
    assertThat(first.getAgentsCount() + second.getAgentsCount()).isEqualTo(90);
    assertThat(second.getNextPageToken()).isEmpty();
  }

  @Test
  void aListHasTheCallersOwnAndWhatOthersShare() {
    var tenant = UUID.randomUUID();
    var frankCaller = service.caller(tenant, "MEMBER");
    var frank = agents(frankCaller);
    var owner = agents(service.caller(tenant, "TENANT_OWNER"));
    create(frank, "private");
    create(
        frank,
        Agent.newBuilder().setName("shared").setVisibility(Agent.Visibility.VISIBILITY_TENANT));
    create(owner, "own");

    var all = ListAgentsRequest.getDefaultInstance();
    var franks =
        ListAgentsRequest.newBuilder().setOwnerId(frankCaller.principalId().toString()).build();
    assertThat(names(frank, all)).containsExactly("shared", "private");
    assertThat(names(owner, all)).containsExactly("own", "shared");
    assertThat(names(owner, franks)).containsExactly("shared", "private");
    assertThat(names(agents(service.caller(tenant, "MEMBER")), franks)).containsExactly("shared");
  }

  @Test
  void filtersAreCombined() {
    var grace = agents(service.caller(TENANT, "MEMBER"));
    create(grace, Agent.newBuilder().setName("One").setCategory("c").putMetadata("k", "v"));
    create(grace, Agent.newBuilder().setName("Two").setCategory("c").setExternalId("x2"));
    create(grace, Agent.newBuilder().setName("Three").setState(Agent.State.STATE_INACTIVE));

    var filter = ListAgentsRequest.newBuilder();
    assertThat(names(grace, filter.clone().setCategory("c").build())).containsExactly("Two", "One");
    assertThat(names(grace, filter.clone().setCategory("c").putMetadata("k", "v").build()))
        .containsExactly("One");
    assertThat(names(grace, filter.clone().setExternalId("x2").build())).containsExactly("Two");
    assertThat(names(grace, filter.clone().setState(Agent.State.STATE_INACTIVE).build()))
        .containsExactly("Three");
    assertThat(names(grace, filter.clone().setNameContains("HRE").build()))
        .containsExactly("Three");
  }
}
