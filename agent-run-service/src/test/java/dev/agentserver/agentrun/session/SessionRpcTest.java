package dev.agentserver.agentrun.session;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.agentserver.agentrun.session.drive.SessionRuns.Spent;
import dev.agentserver.agentrun.v1.CreateProjectRequest;
import dev.agentserver.agentrun.v1.CreateSessionRequest;
import dev.agentserver.agentrun.v1.DeleteProjectRequest;
import dev.agentserver.agentrun.v1.DeleteSessionRequest;
import dev.agentserver.agentrun.v1.ListSessionsRequest;
import dev.agentserver.agentrun.v1.PauseSessionRequest;
import dev.agentserver.agentrun.v1.ResumeSessionRequest;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.Session.State;
import dev.agentserver.agentrun.v1.Session.Type;
import dev.agentserver.agentrun.v1.UpdateSessionRequest;
import dev.agentserver.kit.identity.RunScope;
import dev.agentserver.kit.outbox.PulledFact;
import dev.agentserver.kit.problem.ProblemException;
import io.grpc.Status.Code;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class SessionRpcTest extends Scenes {
  @Test
  void aSessionHasWhatItWasGivenAndASlugOfItsTitle() {
    var conversation = service.conversation();
    var project =
        alice.projects().createProject(CreateProjectRequest.newBuilder().setName("P1").build());
    var made =
        alice
            .sessions()
            .createSession(
                CreateSessionRequest.newBuilder()
                    .setTitle("Über: the Trip, 2nd part!")
                    .setProjectId(project.getId())
                    .setConversationId(conversation.toString())
                    .setWorkingDir("/home/alice/trip")
                    .setGitBranch("main")
                    .setExternalId("ext-1")
                    .putMetadata("k", "v")
                    .build());
    assertThat(made.getSlug()).isEqualTo("ber-the-trip-2nd-part");
    assertThat(made.getType()).isEqualTo(Type.TYPE_FULL);
    assertThat(made.getState()).isEqualTo(State.STATE_CREATED);
    assertThat(made.getPhase()).isEqualTo(dev.agentserver.agentrun.v1.Phase.PHASE_SPEC);
    assertThat(made.getTotals().getCost()).isEqualTo("0");
    assertThat(made.getConversationId()).isEqualTo(conversation.toString());
    assertThat(get(alice, made.getId())).isEqualTo(made);
    assertThat(get(alice, made.getSlug())).isEqualTo(made);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(owner, made.getSlug()));
    assertThat(get(owner, made.getId())).isEqualTo(made);
    alice
        .projects()
        .deleteProject(DeleteProjectRequest.newBuilder().setProjectId(project.getId()).build());
    assertThat(get(alice, made.getId()).getProjectId()).isEmpty();
  }

  @Test
  void theSameRequestIsDoneOnce() {
    var request = CreateSessionRequest.newBuilder().setTitle("once").setRequestId("once-1").build();
    var first = alice.sessions().createSession(request);
    assertThat(alice.sessions().createSession(request)).isEqualTo(first);
    assertProblem(
        Code.INVALID_ARGUMENT,
        "REQUEST_ID_REUSED",
        () -> alice.sessions().createSession(request.toBuilder().setTitle("other").build()));
    var twin = alice.sessions().createSession(request.toBuilder().setRequestId("two").build());
    assertThat(twin.getSlug()).startsWith("once-").isNotEqualTo(first.getSlug());
  }

  @Test
  void whatMustBeUniqueIs() {
    var made =
        alice
            .sessions()
            .createSession(
                CreateSessionRequest.newBuilder().setSlug("mine").setExternalId("e").build());
    for (var taken :
        new CreateSessionRequest[] {
          CreateSessionRequest.newBuilder().setSessionId(made.getId()).build(),
          CreateSessionRequest.newBuilder().setSlug("mine").build(),
          CreateSessionRequest.newBuilder().setExternalId("e").build()
        }) {
      assertProblem(
          Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> alice.sessions().createSession(taken));
    }
    bob.sessions().createSession(CreateSessionRequest.newBuilder().setSlug("mine").build());
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                alice
                    .sessions()
                    .createSession(
                        CreateSessionRequest.newBuilder()
                            .setSlug(UUID.randomUUID().toString())
                            .build()))
        .field("slug");
  }

  @Test
  void whatItRefersToMustBeThere() {
    var bobs = bob.projects().createProject(CreateProjectRequest.newBuilder().setName("P").build());
    for (var absent :
        new CreateSessionRequest[] {
          CreateSessionRequest.newBuilder().setProjectId(bobs.getId()).build(),
          CreateSessionRequest.newBuilder().setConversationId(UUID.randomUUID().toString()).build()
        }) {
      assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> alice.sessions().createSession(absent));
    }
    var session = create(alice, Type.TYPE_CHAT);
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> update(session.toBuilder().setProjectId(bobs.getId()).build(), "project_id"));
  }

  @Test
  void anUpdateChangesWhatItNamesAndLosesNothing() {
    var session = create(alice, Type.TYPE_CHAT);
    var changed = update(session.toBuilder().setTitle("new").putMetadata("a", "1").build());
    assertThat(changed.getTitle()).isEqualTo("new");
    assertThat(changed.getMetadataMap()).containsExactly(Map.entry("a", "1"));
    assertProblem(
        Code.ABORTED,
        "STALE_VERSION",
        () -> update(session.toBuilder().setTitle("late").build(), "title"));
    service.write(
        db -> {
          service.runs().waits(db, TENANT, UUID.fromString(session.getId()));
          return true;
        });
    assertThat(get(alice, session.getId()).getEtag()).isNotEqualTo(changed.getEtag());
    // What a run reports is no reason to refuse a new title.
    var again = update(changed.toBuilder().setGitBranch("b").build(), "git_branch", "metadata.a");
    assertThat(again.getGitBranch()).isEqualTo("b");
    assertThat(again.getMetadataMap()).containsEntry("a", "1");
    assertThat(
            update(again.toBuilder().clearMetadata().clearEtag().build(), "metadata.a")
                .getMetadataMap())
        .isEmpty();
    assertProblem(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> update(again.toBuilder().clearEtag().build(), "state"));
  }

  private Session update(Session session, String... paths) {
    return alice
        .sessions()
        .updateSession(
            UpdateSessionRequest.newBuilder()
                .setSession(session)
                .setUpdateMask(FieldMask.newBuilder().addAllPaths(java.util.List.of(paths)))
                .build());
  }

  @Test
  void aListHasPagesAndFilters() {
    var carol = somebody(TENANT, "MEMBER");
    var ids = new ArrayList<String>();
    for (var n = 0; n < 5; n++) {
      ids.addFirst(create(carol, n == 0 ? Type.TYPE_CHAT : Type.TYPE_QUICK).getId());
    }
    var found = new ArrayList<String>();
    var token = "";
    do {
      var page =
          carol
              .sessions()
              .listSessions(
                  ListSessionsRequest.newBuilder().setPageSize(2).setPageToken(token).build());
      page.getSessionsList().forEach(each -> found.add(each.getId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(found).isEqualTo(ids);
    var chats =
        carol
            .sessions()
            .listSessions(
                ListSessionsRequest.newBuilder()
                    .setType(Type.TYPE_CHAT)
                    .addStates(State.STATE_CREATED)
                    .build());
    assertThat(chats.getSessionsList()).extracting(Session::getId).containsExactly(ids.getLast());
    assertThat(
            service.statements(
                () -> carol.sessions().listSessions(ListSessionsRequest.getDefaultInstance())))
        .isEqualTo(1);
  }

  @Test
  void nobodyElseSeesIt() {
    var session = create(alice, Type.TYPE_CHAT);
    var elsewhere = somebody(UUID.randomUUID(), "TENANT_OWNER");
    for (var stranger : new Somebody[] {bob, elsewhere}) {
      assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(stranger, session.getId()));
      assertProblem(
          Code.NOT_FOUND,
          "NOT_FOUND",
          () ->
              stranger
                  .sessions()
                  .deleteSession(
                      DeleteSessionRequest.newBuilder().setSessionId(session.getId()).build()));
    }
    var ownRun =
        by(
            alice
                .caller()
                .within(
                    new RunScope(UUID.randomUUID(), null, UUID.fromString(session.getId()), 1),
                    alice.caller().permissions()));
    assertThat(get(ownRun, session.getId())).isEqualTo(session);
    for (var other : new UUID[] {null, UUID.randomUUID()}) {
      var run =
          by(
              alice
                  .caller()
                  .within(
                      new RunScope(UUID.randomUUID(), null, other, 1),
                      alice.caller().permissions()));
      assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(run, session.getId()));
    }
  }

  @Test
  void whatIsDeletedIsGone() {
    var session = create(alice, Type.TYPE_FULL);
    alice
        .sessions()
        .deleteSession(DeleteSessionRequest.newBuilder().setSessionId(session.getId()).build());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(alice, session.getId()));
    assertThat(
            service.column(
                "select 1 from agent_run.session_phase where session_id = '"
                    + session.getId()
                    + "'"))
        .isEmpty();
  }

  @Test
  void runsDriveTheirSession() {
    var session = create(alice, Type.TYPE_CHAT);
    var id = UUID.fromString(session.getId());
    service.write(db -> service.runs().enter(db, alice.caller(), id));
    var entered = get(alice, session.getId());
    assertThat(entered.getState()).isEqualTo(State.STATE_ACTIVE);
    assertThat(entered.getTotals().getRunCount()).isEqualTo(1);
    waits(id);
    waits(id);
    assertThat(get(alice, session.getId()).getState()).isEqualTo(State.STATE_WAITING);
    answered(id);
    assertThat(get(alice, session.getId()).getState()).isEqualTo(State.STATE_WAITING);
    alice
        .sessions()
        .pauseSession(PauseSessionRequest.newBuilder().setSessionId(session.getId()).build());
    Assertions.assertThatThrownBy(
            () -> service.write(db -> service.runs().enter(db, alice.caller(), id)))
        .isInstanceOf(ProblemException.class);
    answered(id);
    assertThat(get(alice, session.getId()).getState()).isEqualTo(State.STATE_PAUSED);
    assertThat(
            alice
                .sessions()
                .resumeSession(
                    ResumeSessionRequest.newBuilder().setSessionId(session.getId()).build())
                .getState())
        .isEqualTo(State.STATE_ACTIVE);
    service.write(
        db -> {
          var spent =
              new Spent(1_000, 20, new BigDecimal("0.012345678901"), Duration.ofMillis(1500));
          service.runs().spent(db, TENANT, id, spent);
          service.runs().spent(db, TENANT, id, spent);
          return true;
        });
    var totals = get(alice, session.getId()).getTotals();
    assertThat(totals.getInputTokens()).isEqualTo(2_000);
    assertThat(totals.getOutputTokens()).isEqualTo(40);
    assertThat(totals.getCost()).isEqualTo("0.024691357802");
    assertThat(totals.getActiveTime().getSeconds()).isEqualTo(3);
    Assertions.assertThatThrownBy(
            () -> service.write(db -> service.runs().enter(db, bob.caller(), id)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("session");
    put(session, "CANCELLED");
    Assertions.assertThatThrownBy(
            () -> service.write(db -> service.runs().enter(db, alice.caller(), id)))
        .isInstanceOf(ProblemException.class);
  }

  private void waits(UUID id) {
    service.write(
        db -> {
          service.runs().waits(db, TENANT, id);
          return true;
        });
  }

  private void answered(UUID id) {
    service.write(
        db -> {
          service.runs().answered(db, TENANT, id);
          return true;
        });
  }

  @Test
  void aConversationThatIsDeletedIsNotReferredToAnyMore() {
    for (var type : new String[] {"conversation.deleted", "conversation.purged"}) {
      var conversation = service.conversation();
      var session =
          alice
              .sessions()
              .createSession(
                  CreateSessionRequest.newBuilder()
                      .setConversationId(conversation.toString())
                      .build());
      service.hear(fact("conversation.undeleted", TENANT, conversation));
      service.hear(fact(type, UUID.randomUUID(), conversation));
      assertThat(get(alice, session.getId())).isEqualTo(session);
      service.hear(fact(type, TENANT, conversation));
      var after = get(alice, session.getId());
      assertThat(after.getConversationId()).isEmpty();
      assertThat(after.getEtag()).isNotEqualTo(session.getEtag());
    }
  }

  private static PulledFact fact(String type, UUID tenant, UUID conversation) {
    return new PulledFact(
        UUID.randomUUID(), 1, tenant, type, conversation.toString(), Map.of(), Instant.now());
  }
}
