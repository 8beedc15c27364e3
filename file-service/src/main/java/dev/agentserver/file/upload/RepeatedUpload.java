package dev.agentserver.file.upload;

import dev.agentserver.file.file.FileLimits;
import dev.agentserver.file.file.StoredFile;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// An upload that was done before: its bytes are compared and not kept.
final class RepeatedUpload implements FileUpload {
  private final StoredFile before;
  private final long most;
  private final MessageDigest digest;
  private long length;

  RepeatedUpload(StoredFile before, long most) {
    this.before = before;
    this.most = most;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    length += count;
    if (length > most) {
      throw FileLimits.tooLarge(most);
    }
    digest.update(bytes, offset, count);
  }

  @Override
  public StoredFile finish() {
    if (!HexFormat.of().formatHex(digest.digest()).equals(before.readable().sha256())) {
      throw Uploads.taken(before.id());
    }
    return before;
  }

  @Override
  public void close() {
    // Nothing was made.
  }
}
