package dev.agentserver.conversation.tag;

import static dev.agentserver.conversation.message.ProtoText.clean;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.agentserver.conversation.tag.TagStore.Listed;
import dev.agentserver.conversation.tag.TagStore.Position;
import dev.agentserver.conversation.v1.CreateTagRequest;
import dev.agentserver.conversation.v1.DeleteTagRequest;
import dev.agentserver.conversation.v1.ListConversationTagsRequest;
import dev.agentserver.conversation.v1.ListConversationTagsResponse;
import dev.agentserver.conversation.v1.ListTagsRequest;
import dev.agentserver.conversation.v1.ListTagsResponse;
import dev.agentserver.conversation.v1.TagConversationRequest;
import dev.agentserver.conversation.v1.TagServiceGrpc;
import dev.agentserver.conversation.v1.UntagConversationRequest;
import dev.agentserver.conversation.v1.UpdateTagRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.identity.Caller;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// TagService: translation between the contract and [Tags].
public final class TagRpc implements BindableService {
  private final Tags tags;
  private final PageSizes pages;

  public TagRpc(Tags tags, PageSizes pages) {
    this.tags = tags;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(TagServiceGrpc.getServiceDescriptor())
        .unary(TagServiceGrpc.getListTagsMethod(), this::list)
        .unary(TagServiceGrpc.getCreateTagMethod(), this::create)
        .unary(TagServiceGrpc.getUpdateTagMethod(), this::rename)
        .unary(TagServiceGrpc.getDeleteTagMethod(), this::delete)
        .unary(TagServiceGrpc.getListConversationTagsMethod(), this::listOn)
        .unary(TagServiceGrpc.getTagConversationMethod(), this::put)
        .unary(TagServiceGrpc.getUntagConversationMethod(), this::take)
        .build();
  }

  private ListTagsResponse list(ListTagsRequest request) {
    var caller = Callers.current();
    var scope = scope(caller, TagServiceGrpc.getListTagsMethod(), "");
    var size = pages.of(request.getPageSize());
    var found = tags.list(caller, after(scope, request.getPageToken()), size + 1);
    return ListTagsResponse.newBuilder()
        .addAllTags(page(found, size))
        .setNextPageToken(next(scope, found, size))
        .build();
  }

  private ListConversationTagsResponse listOn(ListConversationTagsRequest request) {
    var caller = Callers.current();
    var scope =
        scope(caller, TagServiceGrpc.getListConversationTagsMethod(), request.getConversationId());
    var size = pages.of(request.getPageSize());
    var found =
        tags.listOn(
            caller,
            UUID.fromString(request.getConversationId()),
            after(scope, request.getPageToken()),
            size + 1);
    return ListConversationTagsResponse.newBuilder()
        .addAllTags(page(found, size))
        .setNextPageToken(next(scope, found, size))
        .build();
  }

  private dev.agentserver.conversation.v1.Tag create(CreateTagRequest request) {
    return TagProto.toProto(
        tags.create(
            Callers.current(),
            attempt(TagServiceGrpc.getCreateTagMethod(), request),
            clean(request.getName()),
            request.getOrganization()));
  }

  private dev.agentserver.conversation.v1.Tag rename(UpdateTagRequest request) {
    return TagProto.toProto(
        tags.rename(
            Callers.current(),
            attempt(TagServiceGrpc.getUpdateTagMethod(), request),
            UUID.fromString(request.getTagId()),
            clean(request.getName())));
  }

  private Empty delete(DeleteTagRequest request) {
    var attempt =
        Attempts.<DeleteTagRequest, Empty, Boolean>of(
            TagServiceGrpc.getDeleteTagMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    tags.delete(Callers.current(), attempt, UUID.fromString(request.getTagId()));
    return Empty.getDefaultInstance();
  }

  private Empty put(TagConversationRequest request) {
    tags.put(
        Callers.current(),
        UUID.fromString(request.getConversationId()),
        UUID.fromString(request.getTagId()));
    return Empty.getDefaultInstance();
  }

  private Empty take(UntagConversationRequest request) {
    tags.take(
        Callers.current(),
        UUID.fromString(request.getConversationId()),
        UUID.fromString(request.getTagId()));
    return Empty.getDefaultInstance();
  }

  private static PageScope scope(Caller caller, MethodDescriptor<?, ?> method, String filter) {
    return new PageScope(caller, method.getFullMethodName(), filter);
  }

  private static @Nullable Position after(PageScope scope, String token) {
    return scope
        .position(token, each -> new Position(each.getFirst(), UUID.fromString(each.get(1))))
        .orElse(null);
  }

  private static List<dev.agentserver.conversation.v1.Tag> page(List<Listed> found, int size) {
    return found.stream().limit(size).map(each -> TagProto.toProto(each.tag())).toList();
  }

  private static String next(PageScope scope, List<Listed> found, int size) {
    if (found.size() <= size) {
      return "";
    }
    var last = found.get(size - 1).position();
    return scope.token(List.of(last.lowerName(), last.id().toString()));
  }

  private static <Q extends Message> Attempt<Tag> attempt(
      MethodDescriptor<Q, dev.agentserver.conversation.v1.Tag> method, Q request) {
    return Attempts.of(method, request, TagProto::toProto, TagProto::fromProto);
  }
}
