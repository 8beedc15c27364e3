package dev.agentserver.agentrun.project;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.cleanOrNull;
import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.orEmpty;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;

import dev.agentserver.agentrun.project.Project.Attributes;
import dev.agentserver.agentrun.project.Project.State;
import dev.agentserver.agentrun.project.Project.Step;
import dev.agentserver.agentrun.text.MaskProto;
import dev.agentserver.agentrun.text.ProtoText;
import dev.agentserver.agentrun.v1.CreateProjectRequest;
import dev.agentserver.agentrun.v1.ListProjectsRequest;
import dev.agentserver.agentrun.v1.OnboardingStep;
import dev.agentserver.agentrun.v1.UpdateProjectRequest;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Projects between the contract and the domain.
final class ProjectProto {
  private static final String STATE = "STATE_";
  private static final List<String> FIELDS =
      List.of("name", "slug", "path", "repo_url", "external_id", "metadata");

  private ProjectProto() {}

  static Attributes draft(CreateProjectRequest request) {
    return new Attributes(
        clean(request.getName()),
        request.getSlug(),
        cleanOrNull(request.getPath()),
        cleanOrNull(request.getRepoUrl()),
        cleanOrNull(request.getExternalId()),
        ProtoText.clean(request.getMetadataMap()));
  }

  static ProjectFilter filter(ListProjectsRequest request) {
    var states = new TreeSet<State>();
    request.getStatesList().forEach(state -> states.add(state(state)));
    return new ProjectFilter(
        states,
        cleanOrNull(request.getSlug()),
        cleanOrNull(request.getExternalId()),
        ProtoText.clean(request.getMetadataMap()));
  }

  static UnaryOperator<Attributes> edit(UpdateProjectRequest request) {
    var changed = request.getProject();
    var mask = MaskProto.of(request.getUpdateMask(), changed, FIELDS);
    need(mask, "name", changed.getName());
    need(mask, "slug", changed.getSlug());
    return old ->
        new Attributes(
            mask.has("name") ? clean(changed.getName()) : old.name(),
            mask.has("slug") ? changed.getSlug() : old.slug(),
            mask.has("path") ? cleanOrNull(changed.getPath()) : old.path(),
            mask.has("repo_url") ? cleanOrNull(changed.getRepoUrl()) : old.repoUrl(),
            mask.has("external_id") ? cleanOrNull(changed.getExternalId()) : old.externalId(),
            mask.metadata("project", old.metadata(), changed.getMetadataMap()));
  }

  private static void need(MaskProto mask, String field, String value) {
    if (mask.has(field) && value.isEmpty()) {
      throw Problem.invalid("project." + field, "must not be empty");
    }
  }

  static dev.agentserver.agentrun.v1.Project toProto(Project project) {
    var attributes = project.attributes();
    return dev.agentserver.agentrun.v1.Project.newBuilder()
        .setId(project.id().toString())
        .setOwnerId(project.ownerId().toString())
        .setName(attributes.name())
        .setSlug(attributes.slug())
        .setPath(orEmpty(attributes.path()))
        .setRepoUrl(orEmpty(attributes.repoUrl()))
        .setState(dev.agentserver.agentrun.v1.Project.State.valueOf(STATE + project.state().name()))
        .addAllOnboardingSteps(project.steps().stream().map(ProjectProto::toProto).toList())
        .setExternalId(orEmpty(attributes.externalId()))
        .putAllMetadata(attributes.metadata())
        .setEtag(project.etag())
        .setCreatedAt(timestamp(project.createdAt()))
        .setUpdatedAt(timestamp(project.updatedAt()))
        .build();
  }

  private static OnboardingStep toProto(Step step) {
    var proto = OnboardingStep.newBuilder().setNumber(step.number()).setName(step.name());
    if (step.completedAt() != null) {
      proto.setCompletedAt(timestamp(step.completedAt()));
    }
    return proto.build();
  }

  /// The inverse of [#toProto], for replaying a stored reply.
  static Project fromProto(dev.agentserver.agentrun.v1.Project proto) {
    return new Project(
        UUID.fromString(proto.getId()),
        UUID.fromString(proto.getOwnerId()),
        new Attributes(
            proto.getName(),
            proto.getSlug(),
            cleanOrNull(proto.getPath()),
            cleanOrNull(proto.getRepoUrl()),
            cleanOrNull(proto.getExternalId()),
            proto.getMetadataMap()),
        state(proto.getState()),
        proto.getOnboardingStepsList().stream()
            .map(
                step ->
                    new Step(
                        step.getNumber(),
                        step.getName(),
                        step.hasCompletedAt()
                            ? instant("completed_at", step.getCompletedAt())
                            : null))
            .toList(),
        Long.parseLong(proto.getEtag()),
        instant("created_at", proto.getCreatedAt()),
        instant("updated_at", proto.getUpdatedAt()));
  }

  private static State state(dev.agentserver.agentrun.v1.Project.State state) {
    return State.valueOf(state.name().substring(STATE.length()));
  }
}
