package dev.agentserver.file.s3;

import dev.agentserver.file.object.Multipart;
import dev.agentserver.file.object.PartBuffer;
import dev.agentserver.file.object.UploadedPart;
import io.minio.Checksum;
import io.minio.CompleteMultipartUploadArgs;
import io.minio.Http;
import io.minio.PutObjectAPIArgs;
import io.minio.UploadPartArgs;
import io.minio.UploadPartResponse;
import io.minio.messages.Part;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.zip.CRC32C;

/// Bytes on their way to the store. Each piece travels with its CRC-32C, so that what is stored is
/// what was sent; a SHA-256 of its own, which a signature could cover, would double the hashing.
final class Parts {
  private final Client quick;
  private final Client patient;
  private final String bucket;

  Parts(Client quick, Client patient, String bucket) {
    this.quick = quick;
    this.patient = patient;
    this.bucket = bucket;
  }

  /// Begins to write a part; the buffer stays in use until the end.
  Pending<UploadPartResponse> put(Multipart upload, int number, PartBuffer content) {
    return quick.begin(
        minio ->
            minio.uploadPart(
                UploadPartArgs.builder()
                    .bucket(bucket)
                    .object(upload.key())
                    .uploadId(upload.id())
                    .partNumber(number)
                    .data(content.bytes(), content.length())
                    .headers(checked(content.bytes(), content.length()))
                    .build()));
  }

  void putWhole(String key, byte[] bytes, int length) {
    try {
      quick.call(
          minio ->
              minio.putObject(
                  PutObjectAPIArgs.builder()
                      .bucket(bucket)
                      .object(key)
                      .data(bytes, length)
                      .headers(checked(bytes, length))
                      .build()));
    } catch (ExecutionException failure) {
      throw Faults.of(failure);
    }
  }

  boolean complete(Multipart upload, List<UploadedPart> uploaded) {
    var parts =
        uploaded.stream().map(part -> new Part(part.number(), part.etag())).toArray(Part[]::new);
    try {
      patient.call(
          minio ->
              minio.completeMultipartUpload(
                  CompleteMultipartUploadArgs.builder()
                      .bucket(bucket)
                      .object(upload.key())
                      .uploadId(upload.id())
                      .parts(parts)
                      .maxRetries(1)
                      .build()));
      return true;
    } catch (ExecutionException failure) {
      if (Faults.isMissing(failure)) {
        return false;
      }
      throw Faults.of(failure);
    }
  }

  private static Http.Headers checked(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    var sum = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    return new Http.Headers(
        Http.Headers.X_AMZ_CONTENT_SHA256,
        Checksum.UNSIGNED_PAYLOAD,
        Checksum.Algorithm.CRC32C.header(),
        Base64.getEncoder().encodeToString(sum));
  }
}
