package dev.agentserver.file.s3;

import dev.agentserver.file.object.Content;
import dev.agentserver.file.object.StoredObject;
import io.minio.GetObjectResponse;
import java.io.InputStream;
import java.util.Optional;

/// What a ranged answer is a part of.
final class Ranges {
  private Ranges() {}

  static Content content(GetObjectResponse answer) {
    var length = Long.parseLong(answer.headers().get("Content-Length"));
    var range = answer.headers().get("Content-Range");
    var total =
        range == null ? length : Long.parseLong(range.substring(range.lastIndexOf('/') + 1));
    return new Content(answer, length, total);
  }

  /// The store refuses every range of an object without bytes, also the one from its beginning.
  static Content beyond(long offset, Optional<StoredObject> found) {
    if (offset == 0 && found.isPresent() && found.get().length() == 0) {
      return new Content(InputStream.nullInputStream(), 0, 0);
    }
    throw new IllegalArgumentException("byte " + offset + " is behind the end of the object");
  }
}
