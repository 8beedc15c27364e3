package dev.agentserver.settings.organization;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.cleanOrNull;
import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.timestamp;
import static dev.agentserver.settings.text.ProtoText.uuidOrNull;

import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.user.UserProto;
import dev.agentserver.settings.v1.CreateOrganizationRequest;
import dev.agentserver.settings.v1.CreateOrganizationResponse;
import dev.agentserver.settings.v1.UpdateOrganizationRequest;
import java.util.UUID;

/// Translates tenants to the contract's and back.
final class OrganizationProto {
  private OrganizationProto() {}

  static NewOrganization draft(CreateOrganizationRequest request) {
    return new NewOrganization(
        uuidOrNull(request.getOrganization().getId()),
        clean(request.getOrganization().getName()),
        cleanOrNull(request.getOwnerEmail()),
        clean(request.getOwnerName()));
  }

  /// The new name.
  static String name(UpdateOrganizationRequest request) {
    for (var path : request.getUpdateMask().getPathsList()) {
      if (!path.equals("name") && !path.equals("*")) {
        throw Problem.invalid("update_mask", "names " + path + ", which cannot be changed");
      }
    }
    return clean(request.getOrganization().getName());
  }

  static dev.agentserver.settings.v1.Organization toProto(Organization organization) {
    return dev.agentserver.settings.v1.Organization.newBuilder()
        .setId(organization.id().toString())
        .setName(organization.name())
        .setPlatform(organization.platform())
        .setCreatedAt(timestamp(organization.createdAt()))
        .setUpdatedAt(timestamp(organization.updatedAt()))
        .setEtag(organization.etag())
        .build();
  }

  /// The inverse, for replaying a stored reply.
  static Organization fromProto(dev.agentserver.settings.v1.Organization proto) {
    return new Organization(
        UUID.fromString(proto.getId()),
        proto.getName(),
        proto.getPlatform(),
        Long.parseLong(proto.getEtag()),
        instant(proto.getCreatedAt()),
        instant(proto.getUpdatedAt()));
  }

  static CreateOrganizationResponse toProto(Founding founding) {
    return CreateOrganizationResponse.newBuilder()
        .setOrganization(toProto(founding.organization()))
        .setOwner(UserProto.toProto(founding.owner()))
        .setOwnerKey(founding.ownerKey())
        .build();
  }

  /// The inverse, for replaying a stored reply.
  static Founding fromProto(CreateOrganizationResponse proto) {
    return new Founding(
        fromProto(proto.getOrganization()),
        UserProto.fromProto(proto.getOwner()),
        proto.getOwnerKey());
  }
}
