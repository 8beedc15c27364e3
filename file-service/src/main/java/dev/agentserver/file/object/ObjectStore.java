package dev.agentserver.file.object;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One bucket of an S3-compatible store. It knows keys and bytes, nothing of files, tenants or
/// rights.
///
/// Every call waits at most for the configured deadline, ends early when its thread is interrupted,
/// and is never made inside a database transaction. What fails is a
/// [dev.agentserver.kit.problem.ProblemException]: `Unavailable("object-store")` when the store is
/// gone or slow, `Overloaded("object-store")` when it is full or asks for less, `Overloaded(
/// "upload-parts")` when no part buffer came free. After `Unavailable` a write may have happened:
/// only [#head] tells.
public interface ObjectStore extends AutoCloseable {
  /// Makes the bucket where it is not there.
  ///
  /// @return why that cannot be done now, in a word for operators; empty: it is there
  Optional<String> prepare();

  /// The bucket's name, for rows that say where their bytes are.
  String bucket();

  /// Buffers for [#putPart] and [#put], shared with the uploads of this process.
  PartPool buffers();

  /// Begins to write an object of unknown length. Nothing can be read at the key before
  /// [Upload#finish].
  Upload upload(String key);

  /// Begins an object whose parts come in calls of their own, perhaps of several processes. Until
  /// it is completed or aborted it takes space and is listed by [#unfinished].
  Multipart begin(String key);

  /// Writes one part, or writes it anew; empty where the upload is over. All but the last are at
  /// least [PartPool#LEAST] long.
  ///
  /// @param number from 1 to 10,000; parts are joined in the order of their numbers
  Optional<UploadedPart> putPart(Multipart upload, int number, PartBuffer content);

  /// The parts that are there, by number; empty as well when the upload is not there. Whoever can
  /// keeps what [#putPart] returned instead: the client cannot read Ceph's answer to this.
  List<UploadedPart> parts(Multipart upload);

  /// Joins the parts: from now on the object is there, whole.
  ///
  /// @return false when there is no such upload: it was aborted, or completed before, which some
  ///     stores answer with true
  boolean complete(Multipart upload, List<UploadedPart> parts);

  /// Forgets the upload and its parts. One that is not there is no error.
  void abort(Multipart upload);

  /// Writes a small object in one call.
  void put(String key, PartBuffer content);

  /// Reads a range as a stream that holds one piece in memory. Whoever reads closes it.
  ///
  /// @param offset the first byte; one at or behind the end of an object that has bytes is an
  ///     IllegalArgumentException
  /// @param length how many bytes at most
  Optional<Content> read(String key, long offset, long length);

  /// What is there, without its bytes.
  Optional<StoredObject> head(String key);

  /// Reads the whole object and hashes it.
  Optional<Digest> digest(String key);

  /// Copies within the store, at most 5 GiB. The copy is there whole or not at all.
  ///
  /// @return false when there is nothing at `from`
  boolean copy(String from, String to);

  /// Deletes. What is not there is no error.
  void delete(String key);

  /// Objects in the order of their keys, from the first behind `after` on.
  ///
  /// @param after the last key of the page before
  /// @param limit at most 1,000
  List<StoredObject> list(String prefix, @Nullable String after, int limit);

  /// Uploads that were begun and neither completed nor aborted, [#upload]'s own among them, by
  /// key.
  ///
  /// @param after the last one of the page before
  /// @param limit at most 1,000
  List<Multipart> unfinished(String prefix, @Nullable Multipart after, int limit);

  /// A URL by which a PUT of so many bytes writes the object, whole or not at all, as often as
  /// somebody does so. Signed without asking the store.
  ///
  /// @param length the Content-Length that it is signed for
  SignedUrl presignPut(String key, long length, Duration validity);

  /// A URL to read the object, which the store then serves under these headers. Signed without
  /// asking the store.
  ///
  /// @param mediaType the answer's Content-Type
  /// @param disposition the answer's Content-Disposition
  SignedUrl presignGet(String key, Duration validity, String mediaType, String disposition);

  /// Gives connections back. Open uploads are aborted by whoever opened them.
  @Override
  void close();
}
