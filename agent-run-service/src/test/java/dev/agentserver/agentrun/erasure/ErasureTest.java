package dev.agentserver.agentrun.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.session.Scenes;
import dev.agentserver.agentrun.v1.CreateCheckpointRequest;
import dev.agentserver.agentrun.v1.CreateProjectRequest;
import dev.agentserver.agentrun.v1.CreateSessionRequest;
import dev.agentserver.agentrun.v1.PutArtifactRequest;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.StartSessionRequest;
import dev.agentserver.kit.erasure.Erased;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Users and tenants go from every table there is, and nobody else does.
class ErasureTest extends Scenes {
  private Session work(Somebody by) {
    var project =
        by.projects()
            .createProject(
                CreateProjectRequest.newBuilder()
                    .setName("P")
                    .setRequestId(UUID.randomUUID().toString())
                    .build());
    var session =
        by.sessions()
            .createSession(CreateSessionRequest.newBuilder().setProjectId(project.getId()).build());
    by.sessions()
        .startSession(StartSessionRequest.newBuilder().setSessionId(session.getId()).build());
    for (var n = 0; n < 3; n++) {
      by.artifacts()
          .putArtifact(
              PutArtifactRequest.newBuilder()
                  .setSessionId(session.getId())
                  .setKey("spec")
                  .setContent("revision " + n)
                  .build());
      by.checkpoints()
          .createCheckpoint(
              CreateCheckpointRequest.newBuilder()
                  .setSessionId(session.getId())
                  .setTitle("c")
                  .build());
    }
    return session;
  }

  /// The rows of a tenant in each table of ours.
  private List<String> rows(UUID tenant) {
    var counts =
        service.column(
            """
                select format('select %L || count(*) from agent_run.%I where tenant_id = ''%s''', table_name || ' ', table_name, '#')
                from information_schema.columns where table_schema = 'agent_run' and column_name = 'tenant_id'
                  and table_name not like 'run\\_event\\_%' and table_name not like 'audit%' and table_name not like 'outbox%'
                  and table_name not like 'erasure%' order by 1""");
    return counts.stream()
        .map(each -> service.column(each.replace("#", tenant.toString())).getFirst())
        .toList();
  }

  @Test
  void aUserGoesWithEverythingThatIsTheirs() {
    var tenant = UUID.randomUUID();
    var carol = somebody(tenant, "MEMBER");
    var dora = somebody(tenant, "MEMBER");
    work(dora);
    var theirs = rows(tenant);
    work(carol);
    // Of somebody else, in a project of the one who goes.
    var project =
        carol.projects().createProject(CreateProjectRequest.newBuilder().setName("shared").build());
    var boss = somebody(tenant, "TENANT_OWNER");
    var kept =
        boss.sessions()
            .createSession(CreateSessionRequest.newBuilder().setProjectId(project.getId()).build());
    assertThat(rows(tenant)).isNotEqualTo(theirs);
    assertThat(service.erase(new Erased(tenant, UUID.randomUUID(), carol.caller().principalId())))
        .isZero();
    assertThat(get(boss, kept.getId()).getProjectId()).isEmpty();
    service.sql("delete from agent_run.session where session_id = '" + kept.getId() + "'");
    // The stream of what happened to the session names nobody.
    assertThat(named(rows(tenant))).isEqualTo(named(theirs));
  }

  private static List<String> named(List<String> rows) {
    return rows.stream().filter(each -> !each.startsWith("event_stream")).toList();
  }

  @Test
  void aTenantGoesAsAWhole() {
    var tenant = UUID.randomUUID();
    var other = UUID.randomUUID();
    work(somebody(tenant, "MEMBER"));
    work(somebody(other, "MEMBER"));
    var others = rows(other);
    assertThat(rows(tenant)).anyMatch(each -> each.equals("session_artifact_revision 3"));
    assertThat(service.erase(new Erased(tenant, UUID.randomUUID(), null))).isZero();
    assertThat(rows(tenant)).allMatch(each -> each.endsWith(" 0"));
    assertThat(rows(other)).isEqualTo(others);
  }
}
