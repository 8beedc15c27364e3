package dev.agentserver.settings.history;

import org.jspecify.annotations.Nullable;

/// What a revision made of one value.
public record Entry(Revision revision, Item item, Content content) {
  /// The sort key of an entry: what a page token holds.
  public record Position(long revision, Item item) {}

  /// What an entry made of its value; nothing where there is none.
  public static Content content(@Nullable Entry entry) {
    return entry == null ? Content.NONE : entry.content();
  }

  public Position position() {
    return new Position(revision.number(), item);
  }
}
