package dev.agentserver.file.upload;

import dev.agentserver.file.blob.Resumable;
import dev.agentserver.file.file.FileLimits;
import dev.agentserver.file.file.MediaType;
import dev.agentserver.file.object.PartBuffer;
import dev.agentserver.file.object.UploadedPart;
import dev.agentserver.file.upload.ResumableUploads.Progress;
import dev.agentserver.file.upload.Uploads.Begun;
import dev.agentserver.kit.cancel.Cancelled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request that continues an upload, by one thread. It holds one buffer at most, and none while
/// it asks for one. Parts are kept as they fill; where the request has a checksum, all at its end
/// or nothing.
public final class Continuation implements AutoCloseable {
  private final Assembly assembly;
  private final Turns.Turn turn;
  private final Begun begun;
  private final long most;
  private final @Nullable Checksum checksum;
  private final List<UploadedPart> unkept = new ArrayList<>();
  private Resumable upload;
  private long inParts;
  private long length;
  private @Nullable PartBuffer filling;
  private boolean opened;
  private boolean looked;
  private long renewAt;

  Continuation(
      Assembly assembly,
      Turns.Turn turn,
      Begun begun,
      Resumable upload,
      long most,
      @Nullable Checksum checksum) {
    this.assembly = assembly;
    this.turn = turn;
    this.begun = begun;
    this.upload = upload;
    this.most = most;
    this.checksum = checksum;
    this.length = upload.received();
    this.inParts = length - (upload.tail() == null ? 0 : upload.tail().size());
    this.renewAt = assembly.renewAt();
  }

  /// Takes the next bytes; waits where the store is slower than whoever sends them.
  public void write(byte[] bytes, int offset, int count) {
    if (length + count > most) {
      throw FileLimits.tooLarge(most);
    }
    if (checksum != null) {
      checksum.update(bytes, offset, count);
    }
    var taken = 0;
    while (taken < count) {
      if (filling != null && filling.room() == 0) {
        keepPart();
      }
      taken += filling().write(bytes, offset + taken, count - taken);
    }
    length += count;
    look();
    renewAt = assembly.alive(upload, renewAt);
  }

  /// The bytes behind the last part; the tail of the request before is the first of them.
  private PartBuffer filling() {
    var buffer = filling;
    if (buffer == null) {
      buffer = opened ? assembly.empty() : assembly.open(upload);
      opened = true;
      filling = buffer;
    }
    return buffer;
  }

  private void look() {
    var first = filling;
    if (!looked && inParts == 0 && first != null && first.length() >= MediaType.LOOK) {
      assembly.requireType(begun(), first);
      looked = true;
    }
  }

  private void keepPart() {
    look();
    sendPart();
    if (checksum == null) {
      upload = assembly.keep(upload, unkept, null, inParts);
      unkept.clear();
    }
  }

  private void sendPart() {
    upload = assembly.inParts(upload);
    var part = assembly.put(upload, upload.parts() + unkept.size() + 1, filling());
    unkept.add(part);
    inParts += part.length();
    giveBack();
  }

  /// They were all of this request.
  public Progress finish() {
    if (checksum != null) {
      checksum.check();
    }
    if (upload.length() == null || length < upload.length()) {
      keepAll();
      return ResumableUploads.progress(begun.id(), upload);
    }
    keepWhole();
    giveBack();
    return ResumableUploads.progress(assembly.finish(begun(), upload));
  }

  private void keepAll() {
    var tail = upload.tail();
    if (filling != null) {
      tail = null;
      if (filling.room() == 0) {
        sendPart();
      } else {
        tail = assembly.putTail(upload, filling);
      }
    }
    upload = assembly.keep(upload, unkept, tail, length);
    unkept.clear();
  }

  private void keepWhole() {
    if (upload.isWhole() && upload.tail() == null && length > 0) {
      // An earlier try came so far.
      return;
    }
    if (length == 0) {
      assembly.putNothing(upload, filling());
    } else if (length > inParts) {
      filling();
      sendPart();
    }
    upload = assembly.keep(upload, unkept, null, length);
    unkept.clear();
  }

  /// The request broke off: what it brought is kept where nobody said what it hashes to.
  ///
  /// @return what to throw
  public RuntimeException breakOff() {
    if (checksum == null) {
      keepAll();
    }
    return turn.isAsked() ? Turns.locked(begun.id()) : new Cancelled();
  }

  private Begun begun() {
    return new Begun(begun.caller(), begun.id(), begun.file(), upload.blob(), upload.blob());
  }

  private void giveBack() {
    if (filling != null) {
      filling.close();
      filling = null;
    }
  }

  @Override
  public void close() {
    giveBack();
    turn.close();
  }
}
