package dev.agentserver.conversation.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.ConversationExport;
import dev.agentserver.conversation.v1.ConversationFormat;
import dev.agentserver.conversation.v1.CreateTagRequest;
import dev.agentserver.conversation.v1.ExportRecord;
import dev.agentserver.conversation.v1.FeedbackServiceGrpc;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageFeedback;
import dev.agentserver.conversation.v1.MessageFeedback.Rating;
import dev.agentserver.conversation.v1.SetFeedbackRequest;
import dev.agentserver.conversation.v1.Tag;
import dev.agentserver.conversation.v1.TagConversationRequest;
import dev.agentserver.conversation.v1.TagServiceGrpc;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a reader has put on a conversation is in the reader's own file, and in nobody else's.
class ReaderMarksTest extends ServiceTest {
  @Test
  void aFileHasItsReadersFeedbackAndTheTagsThatTheReaderSees() {
    var conversation = conversation(alice);
    service.join(conversation.getId(), TENANT, bob, "VIEWER");
    var question = say(alice, conversation, "rice?");
    var said = judge(alice, question, Rating.RATING_DOWN, "no\nquestion");
    judge(bob, question, Rating.RATING_UP, "mine");
    var own = tag(alice, conversation, "food");
    var everybodys = everybodys(conversation, "all");
    tag(bob, conversation, "secret");

    var file = new Download(alice).json(conversation);
    assertThat(tags(file)).containsExactly(everybodys, own);
    assertThat(feedback(file)).containsExactly(said);
    assertThat(new Download(alice).lines(conversation)).isEqualTo(file);
    var path = Download.rest(new Download(alice).pieces(Download.of(conversation).build()));
    assertThat(feedback(Download.whole(path))).containsExactly(said);
    assertThat(
            new Download(alice).text(conversation, ConversationFormat.CONVERSATION_FORMAT_MARKDOWN))
        .contains("\n- Tags: all, food\n", "\n> Feedback: 👎 no question\n")
        .doesNotContain("secret", "mine");
    assertThat(feedback(new Download(bob).json(conversation)))
        .extracting(MessageFeedback::getComment)
        .containsExactly("mine");
  }

  @Test
  void whoSaidNothingHasNothingInTheFile() {
    var conversation = conversation(alice);
    say(alice, conversation, "rice?");
    var file = new Download(alice).json(conversation);
    assertThat(tags(file)).isEmpty();
    assertThat(file.getRecordsList()).noneMatch(ExportRecord::hasFeedback);
  }

  private static List<Tag> tags(ConversationExport file) {
    return file.getRecords(0).getTagsList();
  }

  private static List<MessageFeedback> feedback(ConversationExport file) {
    return file.getRecordsList().stream()
        .filter(ExportRecord::hasFeedback)
        .map(ExportRecord::getFeedback)
        .toList();
  }

  private static MessageFeedback judge(Person by, Message message, Rating rating, String why) {
    return FeedbackServiceGrpc.newBlockingStub(by.channel())
        .setFeedback(
            SetFeedbackRequest.newBuilder()
                .setMessageId(message.getId())
                .setRating(rating)
                .setComment(why)
                .build());
  }

  private static Tag tag(Person by, Conversation conversation, String name) {
    var tag =
        TagServiceGrpc.newBlockingStub(by.channel())
            .createTag(CreateTagRequest.newBuilder().setName(name).build());
    put(by, conversation, tag);
    return tag;
  }

  /// One of the organization's that an administrator makes, and an editor puts on.
  private Tag everybodys(Conversation conversation, String name) {
    var admin = service.person(TENANT, "TENANT_OWNER");
    var tag =
        TagServiceGrpc.newBlockingStub(admin.channel())
            .createTag(CreateTagRequest.newBuilder().setName(name).setOrganization(true).build());
    put(alice, conversation, tag);
    return tag;
  }

  private static void put(Person by, Conversation conversation, Tag tag) {
    TagServiceGrpc.newBlockingStub(by.channel())
        .tagConversation(
            TagConversationRequest.newBuilder()
                .setConversationId(conversation.getId())
                .setTagId(tag.getId())
                .build());
  }
}
