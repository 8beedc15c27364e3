package dev.agentserver.agentrun.project;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.agentserver.agentrun.session.Scenes;
import dev.agentserver.agentrun.v1.ActivateProjectRequest;
import dev.agentserver.agentrun.v1.ArchiveProjectRequest;
import dev.agentserver.agentrun.v1.CompleteOnboardingStepRequest;
import dev.agentserver.agentrun.v1.CreateProjectRequest;
import dev.agentserver.agentrun.v1.DeleteProjectRequest;
import dev.agentserver.agentrun.v1.GetProjectRequest;
import dev.agentserver.agentrun.v1.ListProjectsRequest;
import dev.agentserver.agentrun.v1.OnboardProjectRequest;
import dev.agentserver.agentrun.v1.OnboardingStep;
import dev.agentserver.agentrun.v1.PauseProjectRequest;
import dev.agentserver.agentrun.v1.Project;
import dev.agentserver.agentrun.v1.Project.State;
import dev.agentserver.agentrun.v1.UpdateProjectRequest;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ProjectRpcTest extends Scenes {
  /// Transition and state before to state after.
  private static final Map<String, String> LEGAL =
      Map.of(
          "ONBOARD PENDING", "ONBOARDING",
          "ACTIVATE PENDING", "ACTIVE",
          "ACTIVATE PAUSED", "ACTIVE",
          "ACTIVATE ARCHIVED", "ACTIVE",
          "PAUSE ACTIVE", "PAUSED",
          "ARCHIVE PENDING", "ARCHIVED",
          "ARCHIVE ONBOARDING", "ARCHIVED",
          "ARCHIVE ACTIVE", "ARCHIVED",
          "ARCHIVE PAUSED", "ARCHIVED");

  private static Project make(Somebody by, String name) {
    return by.projects().createProject(CreateProjectRequest.newBuilder().setName(name).build());
  }

  private static Project read(Somebody by, String id) {
    return by.projects().getProject(GetProjectRequest.newBuilder().setProjectId(id).build());
  }

  @Test
  void everyTransitionIsLegalWhereItIsListedAndNowhereElse() {
    for (var transition : List.of("ONBOARD", "ACTIVATE", "PAUSE", "ARCHIVE")) {
      for (var state : List.of("PENDING", "ONBOARDING", "ACTIVE", "PAUSED", "ARCHIVED")) {
        var project = make(alice, "P");
        service.sql(
            "update agent_run.project set state = '%s' where project_id = '%s'"
                .formatted(state, project.getId()));
        var before = read(alice, project.getId());
        var to = LEGAL.get(transition + " " + state);
        if (to == null) {
          assertProblem(
                  Code.FAILED_PRECONDITION,
                  "INVALID_STATE_TRANSITION",
                  () -> move(project.getId(), transition))
              .containsEntry("state", state);
          assertThat(read(alice, project.getId())).isEqualTo(before);
        } else {
          var moved = move(project.getId(), transition);
          assertThat(moved.getState()).isEqualTo(State.valueOf("STATE_" + to));
          assertThat(read(alice, project.getId())).isEqualTo(moved);
        }
      }
    }
  }

  private Project move(String id, String transition) {
    var projects = alice.projects();
    return switch (transition) {
      case "ONBOARD" -> onboard(id, "look", "learn");
      case "ACTIVATE" ->
          projects.activateProject(ActivateProjectRequest.newBuilder().setProjectId(id).build());
      case "PAUSE" ->
          projects.pauseProject(PauseProjectRequest.newBuilder().setProjectId(id).build());
      default ->
          projects.archiveProject(ArchiveProjectRequest.newBuilder().setProjectId(id).build());
    };
  }

  private Project onboard(String id, String... steps) {
    var request = OnboardProjectRequest.newBuilder().setProjectId(id);
    for (var step : steps) {
      request.addSteps(OnboardingStep.newBuilder().setName(step));
    }
    return alice.projects().onboardProject(request.build());
  }

  @Test
  void theLastStepOfTheOnboardingMakesItActive() {
    var project = make(alice, "P");
    var onboarding = onboard(project.getId(), "look", "learn");
    assertThat(onboarding.getOnboardingStepsList())
        .extracting(OnboardingStep::getNumber)
        .containsExactly(1, 2);
    var first = complete(project, 2);
    assertThat(first.getState()).isEqualTo(State.STATE_ONBOARDING);
    assertThat(complete(project, 2)).isEqualTo(first);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> complete(project, 3));
    assertThat(complete(project, 1).getState()).isEqualTo(State.STATE_ACTIVE);
  }

  private Project complete(Project project, int number) {
    return alice
        .projects()
        .completeOnboardingStep(
            CompleteOnboardingStepRequest.newBuilder()
                .setProjectId(project.getId())
                .setNumber(number)
                .build());
  }

  @Test
  void aProjectIsMadeOnceChangedAndDeleted() {
    var request =
        CreateProjectRequest.newBuilder()
            .setName("My Code")
            .setPath("/home/alice/code")
            .setRepoUrl("https://example.org/code.git")
            .setExternalId("x")
            .setRequestId("r1")
            .build();
    var made = alice.projects().createProject(request);
    assertThat(made.getSlug()).isEqualTo("my-code");
    assertThat(made.getState()).isEqualTo(State.STATE_PENDING);
    assertThat(alice.projects().createProject(request)).isEqualTo(made);
    assertThat(read(alice, made.getId())).isEqualTo(made);
    assertProblem(
        Code.ALREADY_EXISTS,
        "ALREADY_EXISTS",
        () ->
            alice
                .projects()
                .createProject(
                    CreateProjectRequest.newBuilder().setName("x").setSlug("my-code").build()));
    var changed =
        alice
            .projects()
            .updateProject(
                UpdateProjectRequest.newBuilder()
                    .setProject(made.toBuilder().setName("Code").clearPath())
                    .setUpdateMask(FieldMask.newBuilder().addPaths("name").addPaths("path"))
                    .build());
    assertThat(changed.getName()).isEqualTo("Code");
    assertThat(changed.getPath()).isEmpty();
    assertThat(changed.getRepoUrl()).isEqualTo(made.getRepoUrl());
    var delete = DeleteProjectRequest.newBuilder().setProjectId(made.getId());
    assertProblem(
        Code.ABORTED,
        "STALE_VERSION",
        () -> alice.projects().deleteProject(delete.setEtag(made.getEtag()).build()));
    alice.projects().deleteProject(delete.setEtag(changed.getEtag()).build());
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> read(alice, made.getId()));
  }

  @Test
  void aListIsTheCallersOwnInPages() {
    var carol = somebody(TENANT, "MEMBER");
    var ids = new ArrayList<String>();
    for (var name : List.of("a", "b", "c")) {
      ids.addFirst(make(carol, name).getId());
    }
    var first =
        carol.projects().listProjects(ListProjectsRequest.newBuilder().setPageSize(2).build());
    var second =
        carol
            .projects()
            .listProjects(
                ListProjectsRequest.newBuilder()
                    .setPageSize(2)
                    .setPageToken(first.getNextPageToken())
                    .build());
    var found = new ArrayList<String>();
    first.getProjectsList().forEach(each -> found.add(each.getId()));
    second.getProjectsList().forEach(each -> found.add(each.getId()));
    assertThat(found).isEqualTo(ids);
    assertThat(
            carol
                .projects()
                .listProjects(ListProjectsRequest.newBuilder().setSlug("b").build())
                .getProjectsList())
        .extracting(Project::getName)
        .containsExactly("b");
    assertThat(
            service.statements(
                () -> carol.projects().listProjects(ListProjectsRequest.getDefaultInstance())))
        .isEqualTo(1);
  }

  @Test
  void nobodyElseSeesIt() {
    var project = make(alice, "mine");
    for (var stranger : List.of(bob, somebody(UUID.randomUUID(), "TENANT_OWNER"))) {
      assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> read(stranger, project.getId()));
    }
    assertThat(read(owner, project.getId())).isEqualTo(project);
  }
}
