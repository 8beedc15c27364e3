package dev.agentserver.file.upload;

import dev.agentserver.file.file.FileLimits;
import dev.agentserver.file.file.MediaType;
import dev.agentserver.file.file.StoredFile;
import dev.agentserver.file.object.Upload;
import dev.agentserver.file.upload.Uploads.Begun;
import java.io.ByteArrayOutputStream;

/// An upload whose bytes go to the store.
final class RunningUpload implements FileUpload {
  private final Uploads uploads;
  private final Upload object;
  private final Begun begun;
  private final long most;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream(MediaType.LOOK);
  private long renewAt;
  private boolean finished;

  RunningUpload(Uploads uploads, Upload object, Begun begun, long most) {
    this.uploads = uploads;
    this.object = object;
    this.begun = begun;
    this.most = most;
    this.renewAt = uploads.renewAt();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (object.length() + length > most) {
      throw FileLimits.tooLarge(most);
    }
    var missing = MediaType.LOOK - head.size();
    if (missing > 0) {
      head.write(bytes, offset, Math.min(missing, length));
      if (head.size() == MediaType.LOOK) {
        // As early as it is known: nobody sends a gigabyte to be told.
        uploads.requireType(begun, MediaType.of(head.toByteArray()));
      }
    }
    object.write(bytes, offset, length);
    renewAt = uploads.alive(begun, renewAt);
  }

  @Override
  public StoredFile finish() {
    var mediaType = MediaType.of(head.toByteArray());
    uploads.requireType(begun, mediaType);
    var digest = object.finish();
    var file = uploads.finish(begun, digest, mediaType);
    finished = true;
    return file;
  }

  @Override
  public void close() {
    object.close();
    if (!finished) {
      uploads.giveUp(begun);
    }
  }
}
