package dev.agentserver.agentrun.session;

import dev.agentserver.agentrun.text.Slug;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How somebody names a session: by its id, or by the slug of one of their own.
///
/// @param id null: by slug
public record SessionRef(@Nullable UUID id, String text) {
  /// By id.
  public static SessionRef of(UUID id) {
    return new SessionRef(id, id.toString());
  }

  /// By whatever the text is.
  public static SessionRef of(String text) {
    return new SessionRef(Slug.isId(text) ? UUID.fromString(text) : null, text);
  }
}
