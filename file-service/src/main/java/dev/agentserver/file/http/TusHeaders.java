package dev.agentserver.file.http;

import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import dev.agentserver.file.file.FileName;
import dev.agentserver.file.file.NewFile;
import dev.agentserver.file.file.Purpose;
import dev.agentserver.file.upload.Checksum;
import dev.agentserver.kit.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What the headers of tus say.
final class TusHeaders {
  static final String ALGORITHMS = "sha1,sha256";

  private static final Map<String, String> DIGESTS = Map.of("sha1", "SHA-1", "sha256", "SHA-256");
  private static final int MOST_METADATA = 8 * 1024;
  private static final int LONGEST_TYPE = 255;

  private TusHeaders() {}

  /// What is to be uploaded, by `Upload-Length` or `Upload-Defer-Length`, and `Upload-Metadata`.
  static NewFile file(RequestHeaders headers) {
    var length = length(headers);
    var deferred = headers.get("upload-defer-length");
    if (deferred != null && !deferred.equals("1")) {
      throw Problem.invalid("Upload-Defer-Length", "must be 1");
    }
    if (length.isPresent() == (deferred != null)) {
      throw Problem.invalid("Upload-Length", "must be there, or Upload-Defer-Length");
    }
    var known = known(metadata(headers));
    var id = known.getOrDefault("file_id", "");
    return new NewFile(
        id.isEmpty() ? null : FileDoor.uuid(id),
        FileName.clean(known.getOrDefault("filename", known.getOrDefault("name", ""))),
        type(known.getOrDefault("filetype", known.getOrDefault("type", ""))),
        known.containsKey("purpose") ? FileDoor.purpose(known.get("purpose")) : Purpose.ATTACHMENT,
        "",
        length,
        false);
  }

  /// As its creator wrote it.
  static String metadata(RequestHeaders headers) {
    var metadata = headers.get("upload-metadata", "");
    if (metadata.length() > MOST_METADATA) {
      throw Problem.invalid(
          "Upload-Metadata", "must have at most " + MOST_METADATA + " characters");
    }
    return metadata;
  }

  private static Map<String, String> known(String metadata) {
    var known = new HashMap<String, String>();
    for (var pair : metadata.split(",")) {
      var parts = pair.strip().split(" +", 2);
      known.put(parts[0], parts.length == 1 ? "" : text(parts[1]));
    }
    return known;
  }

  private static String text(String base64) {
    return new String(bytes("Upload-Metadata", base64), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String header, String base64) {
    try {
      return Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException damaged) {
      throw Problem.invalid(header, "has a value that is not Base64");
    }
  }

  private static String type(String said) {
    try {
      return said.length() > LONGEST_TYPE ? "" : MediaType.parse(said).toString();
    } catch (IllegalArgumentException noType) {
      return "";
    }
  }

  static OptionalLong length(RequestHeaders headers) {
    return headers.contains("upload-length")
        ? OptionalLong.of(number(headers, "Upload-Length"))
        : OptionalLong.empty();
  }

  /// A number that must be there.
  static long number(RequestHeaders headers, String name) {
    var text = headers.get(name, "");
    if (!text.matches("[0-9]{1,18}")) {
      throw Problem.invalid(name, "must be a number of bytes");
    }
    return Long.parseLong(text);
  }

  /// What the body hashes to; null: nobody says.
  static @Nullable Checksum checksum(RequestHeaders headers) {
    var said = headers.get("upload-checksum");
    if (said == null) {
      return null;
    }
    var parts = said.strip().split(" +", 2);
    var algorithm = DIGESTS.get(parts[0]);
    if (algorithm == null || parts.length < 2) {
      throw Problem.invalid("Upload-Checksum", "must be one of " + ALGORITHMS + " and a hash");
    }
    try {
      return new Checksum(MessageDigest.getInstance(algorithm), bytes("Upload-Checksum", parts[1]));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has " + algorithm, impossible);
    }
  }
}
