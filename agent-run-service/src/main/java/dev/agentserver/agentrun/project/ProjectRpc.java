package dev.agentserver.agentrun.project;

import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.agentserver.agentrun.project.Project.Transition;
import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.agentrun.v1.ActivateProjectRequest;
import dev.agentserver.agentrun.v1.ArchiveProjectRequest;
import dev.agentserver.agentrun.v1.CompleteOnboardingStepRequest;
import dev.agentserver.agentrun.v1.CreateProjectRequest;
import dev.agentserver.agentrun.v1.DeleteProjectRequest;
import dev.agentserver.agentrun.v1.GetProjectRequest;
import dev.agentserver.agentrun.v1.ListProjectsRequest;
import dev.agentserver.agentrun.v1.ListProjectsResponse;
import dev.agentserver.agentrun.v1.OnboardProjectRequest;
import dev.agentserver.agentrun.v1.PauseProjectRequest;
import dev.agentserver.agentrun.v1.Project;
import dev.agentserver.agentrun.v1.ProjectServiceGrpc;
import dev.agentserver.agentrun.v1.UpdateProjectRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// ProjectService: translation between the contract and [Projects].
public final class ProjectRpc implements BindableService {
  private final Projects projects;
  private final PageSizes pages;

  public ProjectRpc(Projects projects, PageSizes pages) {
    this.projects = projects;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(ProjectServiceGrpc.getServiceDescriptor())
        .unary(ProjectServiceGrpc.getCreateProjectMethod(), this::create)
        .unary(ProjectServiceGrpc.getGetProjectMethod(), this::get)
        .unary(ProjectServiceGrpc.getListProjectsMethod(), this::list)
        .unary(ProjectServiceGrpc.getUpdateProjectMethod(), this::update)
        .unary(ProjectServiceGrpc.getDeleteProjectMethod(), this::delete)
        .unary(ProjectServiceGrpc.getOnboardProjectMethod(), this::onboard)
        .unary(ProjectServiceGrpc.getCompleteOnboardingStepMethod(), this::completeStep)
        .unary(ProjectServiceGrpc.getActivateProjectMethod(), this::activate)
        .unary(ProjectServiceGrpc.getPauseProjectMethod(), this::pause)
        .unary(ProjectServiceGrpc.getArchiveProjectMethod(), this::archive)
        .build();
  }

  private Project create(CreateProjectRequest request) {
    var attempt = attempt(ProjectServiceGrpc.getCreateProjectMethod(), request);
    return ProjectProto.toProto(
        projects.create(
            Callers.current(),
            attempt,
            uuidOrNull(request.getProjectId()),
            ProjectProto.draft(request)));
  }

  private Project get(GetProjectRequest request) {
    return ProjectProto.toProto(
        projects.get(Callers.current(), UUID.fromString(request.getProjectId())));
  }

  private ListProjectsResponse list(ListProjectsRequest request) {
    var caller = Callers.current();
    var filter = ProjectProto.filter(request);
    var scope =
        new PageScope(
            caller,
            ProjectServiceGrpc.getListProjectsMethod().getFullMethodName(),
            filter.toString());
    var after = scope.position(request.getPageToken(), ProjectRpc::position).orElse(null);
    var page = projects.list(caller, filter, after, pages.of(request.getPageSize()));
    return ListProjectsResponse.newBuilder()
        .addAllProjects(page.projects().stream().map(ProjectProto::toProto).toList())
        .setNextPageToken(
            page.next() == null
                ? ""
                : scope.token(
                    List.of(
                        page.next().updatedAt().toString(), page.next().projectId().toString())))
        .build();
  }

  private static ProjectStore.Position position(List<String> position) {
    return new ProjectStore.Position(
        Instant.parse(position.get(0)), UUID.fromString(position.get(1)));
  }

  private Project update(UpdateProjectRequest request) {
    var attempt = attempt(ProjectServiceGrpc.getUpdateProjectMethod(), request);
    return ProjectProto.toProto(
        projects.update(
            Callers.current(),
            attempt,
            UUID.fromString(request.getProject().getId()),
            request.getProject().getEtag(),
            ProjectProto.edit(request)));
  }

  private Empty delete(DeleteProjectRequest request) {
    var attempt =
        Attempts.<DeleteProjectRequest, Empty, Boolean>of(
            ProjectServiceGrpc.getDeleteProjectMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    projects.delete(
        Callers.current(), attempt, UUID.fromString(request.getProjectId()), request.getEtag());
    return Empty.getDefaultInstance();
  }

  private Project onboard(OnboardProjectRequest request) {
    var attempt = attempt(ProjectServiceGrpc.getOnboardProjectMethod(), request);
    var steps = request.getStepsList().stream().map(step -> ProtoText.clean(step.getName()));
    return ProjectProto.toProto(
        projects.onboard(
            Callers.current(), attempt, UUID.fromString(request.getProjectId()), steps.toList()));
  }

  private Project completeStep(CompleteOnboardingStepRequest request) {
    return ProjectProto.toProto(
        projects.completeStep(
            Callers.current(), UUID.fromString(request.getProjectId()), request.getNumber()));
  }

  private Project activate(ActivateProjectRequest request) {
    var attempt = attempt(ProjectServiceGrpc.getActivateProjectMethod(), request);
    return move(attempt, request.getProjectId(), Transition.ACTIVATE);
  }

  private Project pause(PauseProjectRequest request) {
    var attempt = attempt(ProjectServiceGrpc.getPauseProjectMethod(), request);
    return move(attempt, request.getProjectId(), Transition.PAUSE);
  }

  private Project archive(ArchiveProjectRequest request) {
    var attempt = attempt(ProjectServiceGrpc.getArchiveProjectMethod(), request);
    return move(attempt, request.getProjectId(), Transition.ARCHIVE);
  }

  private Project move(
      Attempt<dev.agentserver.agentrun.project.Project> attempt, String id, Transition transition) {
    return ProjectProto.toProto(
        projects.move(Callers.current(), attempt, UUID.fromString(id), transition));
  }

  private static <Q extends Message> Attempt<dev.agentserver.agentrun.project.Project> attempt(
      MethodDescriptor<Q, Project> method, Q request) {
    return Attempts.of(method, request, ProjectProto::toProto, ProjectProto::fromProto);
  }
}
