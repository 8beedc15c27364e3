package dev.agentserver.commandline.transfer;

import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.history.Marks;
import dev.agentserver.commandline.history.Marks.Judgement;
import dev.agentserver.commandline.history.OldIds;
import dev.agentserver.commandline.job.Job;
import dev.agentserver.commandline.server.Server;
import dev.agentserver.conversation.v1.GetMessageRequest;
import dev.agentserver.conversation.v1.MarkReadRequest;
import dev.agentserver.conversation.v1.Membership;
import dev.agentserver.conversation.v1.SetFeedbackRequest;
import dev.agentserver.conversation.v1.SwitchBranchRequest;
import dev.agentserver.conversation.v1.TagConversationRequest;
import dev.agentserver.conversation.v1.UpdateMembershipRequest;
import java.io.IOException;
import java.util.UUID;

/// Puts on a conversation what its reader had put on it at the source, as the reader. What the
/// reader changes here since is changed back only when the source says something else.
final class Marking {
  private final Server reader;
  private final Labels labels;
  private final Job job;

  Marking(Server reader, Labels labels, Job job) {
    this.reader = reader;
    this.labels = labels;
    this.job = job;
  }

  /// @param written whether messages were, as far as anybody knows: they are old, so nobody has
  /// still to read them, and the reader is where the last of them is
  void mark(History history, boolean written) throws IOException {
    var id = history.id().toString();
    var marks = history.telling();
    var hash = OldIds.hashed(marks.toString()).toString();
    if (written) {
      read(id);
    }
    if (marks.equals(Marks.NONE) || !written && hash.equals(job.noted("marks-" + id))) {
      return;
    }
    if (marks.current() != null) {
      goTo(id, marks.current());
    }
    if (marks.archived() || marks.pinned()) {
      arrange(id, marks);
    }
    for (var label : marks.labels()) {
      var request =
          TagConversationRequest.newBuilder()
              .setConversationId(id)
              .setTagId(labels.tagId(reader, label))
              .build();
      reader.patience().call(() -> reader.tags().tagConversation(request));
    }
    marks.judgements().forEach(this::judge);
    job.note("marks-" + id, hash);
  }

  private void read(String id) {
    var request = MarkReadRequest.newBuilder().setConversationId(id).build();
    reader.patience().call(() -> reader.conversations().markRead(request));
  }

  private void goTo(String id, UUID messageId) {
    var wanted = GetMessageRequest.newBuilder().setMessageId(messageId.toString()).build();
    var message = reader.patience().call(() -> reader.messages().getMessage(wanted));
    var request =
        SwitchBranchRequest.newBuilder()
            .setConversationId(id)
            .setBranchNo(message.getBranchNo())
            .build();
    reader.patience().call(() -> reader.branches().switchBranch(request));
  }

  private void arrange(String id, Marks marks) {
    var request =
        UpdateMembershipRequest.newBuilder()
            .setConversationId(id)
            .setMembership(
                Membership.newBuilder().setArchived(marks.archived()).setPinned(marks.pinned()));
    request.getUpdateMaskBuilder().addPaths("archived").addPaths("pinned");
    reader.patience().call(() -> reader.members().updateMembership(request.build()));
  }

  private void judge(Judgement judgement) {
    var request =
        SetFeedbackRequest.newBuilder()
            .setMessageId(judgement.messageId().toString())
            .setRating(judgement.rating())
            .setComment(judgement.comment())
            .build();
    reader.patience().call(() -> reader.feedback().setFeedback(request));
  }
}
