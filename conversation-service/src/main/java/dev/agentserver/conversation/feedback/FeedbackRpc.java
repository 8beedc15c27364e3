package dev.agentserver.conversation.feedback;

import static dev.agentserver.conversation.message.ProtoText.clean;

import dev.agentserver.conversation.feedback.Feedback.Rating;
import dev.agentserver.conversation.v1.FeedbackServiceGrpc;
import dev.agentserver.conversation.v1.ListFeedbackRequest;
import dev.agentserver.conversation.v1.ListFeedbackResponse;
import dev.agentserver.conversation.v1.MessageFeedback;
import dev.agentserver.conversation.v1.SetFeedbackRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.UUID;

/// FeedbackService: translation between the contract and [Feedbacks].
public final class FeedbackRpc implements BindableService {
  private final Feedbacks feedbacks;
  private final PageSizes pages;

  public FeedbackRpc(Feedbacks feedbacks, PageSizes pages) {
    this.feedbacks = feedbacks;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(FeedbackServiceGrpc.getServiceDescriptor())
        .unary(FeedbackServiceGrpc.getSetFeedbackMethod(), this::set)
        .unary(FeedbackServiceGrpc.getListFeedbackMethod(), this::list)
        .build();
  }

  private MessageFeedback set(SetFeedbackRequest request) {
    var caller = Callers.current();
    var messageId = UUID.fromString(request.getMessageId());
    if (request.getRating() == MessageFeedback.Rating.RATING_UNSPECIFIED) {
      feedbacks.take(caller, messageId);
      return MessageFeedback.newBuilder().setMessageId(messageId.toString()).build();
    }
    var rating = request.getRating() == MessageFeedback.Rating.RATING_UP ? Rating.UP : Rating.DOWN;
    return FeedbackProto.toProto(
        feedbacks.put(caller, messageId, rating, clean(request.getComment())));
  }

  private ListFeedbackResponse list(ListFeedbackRequest request) {
    var caller = Callers.current();
    var scope =
        new PageScope(
            caller,
            FeedbackServiceGrpc.getListFeedbackMethod().getFullMethodName(),
            request.getConversationId());
    var after =
        scope
            .position(request.getPageToken(), each -> UUID.fromString(each.getFirst()))
            .orElse(null);
    var size = pages.of(request.getPageSize());
    var found =
        feedbacks.list(caller, UUID.fromString(request.getConversationId()), after, size + 1);
    var page = ListFeedbackResponse.newBuilder();
    found.stream().limit(size).forEach(each -> page.addFeedback(FeedbackProto.toProto(each)));
    if (found.size() > size) {
      page.setNextPageToken(scope.token(List.of(found.get(size - 1).messageId().toString())));
    }
    return page.build();
  }
}
