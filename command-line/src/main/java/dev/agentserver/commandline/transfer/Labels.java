package dev.agentserver.commandline.transfer;

import dev.agentserver.commandline.history.Marks.Label;
import dev.agentserver.commandline.server.Server;
import dev.agentserver.conversation.v1.CreateTagRequest;
import dev.agentserver.conversation.v1.ListTagsRequest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The tags of a reader by their names. One that everybody had is the organization's of that name,
/// or, where there is none, the reader's own.
final class Labels {
  private static final int PAGE = 200;

  private @Nullable Map<Label, String> known;

  synchronized String tagId(Server reader, Label label) {
    if (known == null) {
      known = all(reader);
    }
    var name = label.name().toLowerCase(Locale.ROOT);
    var everybodys = known.get(new Label(name, true));
    return label.organization() && everybodys != null
        ? everybodys
        : known.computeIfAbsent(new Label(name, false), _ -> create(reader, label.name()));
  }

  private static Map<Label, String> all(Server reader) {
    var all = new HashMap<Label, String>();
    var token = "";
    do {
      var request = ListTagsRequest.newBuilder().setPageSize(PAGE).setPageToken(token).build();
      var page = reader.patience().call(() -> reader.tags().listTags(request));
      for (var tag : page.getTagsList()) {
        all.put(
            new Label(tag.getName().toLowerCase(Locale.ROOT), tag.getOrganization()), tag.getId());
      }
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return all;
  }

  private static String create(Server reader, String name) {
    var request =
        CreateTagRequest.newBuilder()
            .setName(name)
            .setRequestId(UUID.randomUUID().toString())
            .build();
    return reader.patience().call(() -> reader.tags().createTag(request)).getId();
  }
}
