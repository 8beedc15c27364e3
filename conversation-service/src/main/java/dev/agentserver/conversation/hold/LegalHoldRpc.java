package dev.agentserver.conversation.hold;

import static dev.agentserver.conversation.message.ProtoText.clean;
import static dev.agentserver.conversation.message.ProtoText.timestamp;
import static dev.agentserver.conversation.message.ProtoText.uuidOrNull;

import com.google.protobuf.Empty;
import dev.agentserver.conversation.v1.LegalHoldServiceGrpc;
import dev.agentserver.conversation.v1.ListLegalHoldsRequest;
import dev.agentserver.conversation.v1.ListLegalHoldsResponse;
import dev.agentserver.conversation.v1.PlaceLegalHoldRequest;
import dev.agentserver.conversation.v1.ReleaseLegalHoldRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;

/// LegalHoldService: translation between the contract and [LegalHolds].
public final class LegalHoldRpc implements BindableService {
  private final LegalHolds holds;
  private final PageSizes pages;

  public LegalHoldRpc(LegalHolds holds, PageSizes pages) {
    this.holds = holds;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(LegalHoldServiceGrpc.getServiceDescriptor())
        .unary(LegalHoldServiceGrpc.getPlaceLegalHoldMethod(), this::place)
        .unary(LegalHoldServiceGrpc.getReleaseLegalHoldMethod(), this::release)
        .unary(LegalHoldServiceGrpc.getListLegalHoldsMethod(), this::list)
        .build();
  }

  private dev.agentserver.conversation.v1.LegalHold place(PlaceLegalHoldRequest request) {
    return toProto(
        holds.place(
            Callers.current(),
            LegalHoldServiceGrpc.getPlaceLegalHoldMethod().getFullMethodName(),
            UUID.fromString(request.getConversationId()),
            clean(request.getReason())));
  }

  private Empty release(ReleaseLegalHoldRequest request) {
    holds.release(
        Callers.current(),
        LegalHoldServiceGrpc.getReleaseLegalHoldMethod().getFullMethodName(),
        UUID.fromString(request.getConversationId()));
    return Empty.getDefaultInstance();
  }

  private ListLegalHoldsResponse list(ListLegalHoldsRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller,
            LegalHoldServiceGrpc.getListLegalHoldsMethod().getFullMethodName(),
            request.getOwnerId());
    var after =
        scope
            .position(request.getPageToken(), each -> UUID.fromString(each.getFirst()))
            .orElse(null);
    var size = pages.of(request.getPageSize());
    var found = holds.list(caller, uuidOrNull(request.getOwnerId()), after, size + 1);
    var page = ListLegalHoldsResponse.newBuilder();
    found.stream().limit(size).forEach(each -> page.addLegalHolds(toProto(each)));
    if (found.size() > size) {
      page.setNextPageToken(scope.token(List.of(found.get(size - 1).conversationId().toString())));
    }
    return page.build();
  }

  private static dev.agentserver.conversation.v1.LegalHold toProto(LegalHold hold) {
    var proto =
        dev.agentserver.conversation.v1.LegalHold.newBuilder()
            .setConversationId(hold.conversationId().toString())
            .setReason(hold.reason())
            .setCreatedAt(timestamp(hold.createdAt()))
            .setOwnerId(hold.ownerId().toString());
    if (hold.hiddenAt() != null) {
      proto.setHiddenAt(timestamp(hold.hiddenAt()));
    }
    return proto.build();
  }
}
