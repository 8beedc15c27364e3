package dev.agentserver.conversation.search;

import static dev.agentserver.conversation.message.ProtoText.clean;
import static dev.agentserver.conversation.message.ProtoText.instant;
import static dev.agentserver.conversation.message.ProtoText.timestamp;
import static dev.agentserver.conversation.message.ProtoText.uuidOrNull;

import dev.agentserver.conversation.message.MessageProto;
import dev.agentserver.conversation.message.Role;
import dev.agentserver.conversation.search.Match.Position;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageMatch;
import dev.agentserver.conversation.v1.MessageSearchServiceGrpc;
import dev.agentserver.conversation.v1.SearchMessagesRequest;
import dev.agentserver.conversation.v1.SearchMessagesResponse;
import dev.agentserver.conversation.v1.TextRange;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// MessageSearchService: translation between the contract and [MessageSearch].
public final class SearchRpc implements BindableService {
  private final MessageSearch messages;
  private final PageSizes pages;

  public SearchRpc(MessageSearch messages, PageSizes pages) {
    this.messages = messages;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(MessageSearchServiceGrpc.getServiceDescriptor())
        .unary(MessageSearchServiceGrpc.getSearchMessagesMethod(), this::search)
        .build();
  }

  private SearchMessagesResponse search(SearchMessagesRequest request) {
    var caller = Callers.current();
    var criteria = criteria(request);
    var scope =
        new PageScope(
            caller,
            MessageSearchServiceGrpc.getSearchMessagesMethod().getFullMethodName(),
            criteria.toString());
    var after = scope.position(request.getPageToken(), SearchRpc::position).orElse(null);
    var page = messages.search(caller, criteria, after, pages.of(request.getPageSize()));
    return SearchMessagesResponse.newBuilder()
        .addAllMatches(page.matches().stream().map(SearchRpc::toProto).toList())
        .setNextPageToken(page.next() == null ? "" : scope.token(position(page.next())))
        .setPartial(page.partial())
        .build();
  }

  private static Criteria criteria(SearchMessagesRequest request) {
    return new Criteria(
        Query.of(clean(request.getQuery())),
        uuidOrNull(request.getConversationId()),
        uuidOrNull(request.getTagId()),
        role(request.getRole()),
        request.hasStartTime() ? instant("start_time", request.getStartTime()) : null,
        request.hasEndTime() ? instant("end_time", request.getEndTime()) : null);
  }

  private static @Nullable Role role(Message.Role role) {
    return role == Message.Role.ROLE_UNSPECIFIED ? null : MessageProto.role(role);
  }

  private static MessageMatch toProto(Match match) {
    var proto =
        MessageMatch.newBuilder()
            .setMessageId(match.messageId().toString())
            .setConversationId(match.conversationId().toString())
            .setConversationTitle(match.title())
            .setRole(MessageProto.toProto(match.role()))
            .setCreatedAt(timestamp(match.createdAt()))
            .setSnippet(match.snippet().text());
    for (var range : match.snippet().highlights()) {
      proto.addHighlights(TextRange.newBuilder().setStart(range.start()).setEnd(range.end()));
    }
    return proto.build();
  }

  private static List<String> position(Position position) {
    return List.of(position.createdAt().toString(), position.messageId().toString());
  }

  private static Position position(List<String> position) {
    return new Position(Instant.parse(position.getFirst()), UUID.fromString(position.get(1)));
  }
}
