package dev.agentserver.file.file;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What may be uploaded.
///
/// @param maxBytes the most bytes of a file
/// @param maxFormBytes the most of one that comes in a form
/// @param userBytes the most bytes that a user may store
/// @param tenantBytes the most that a tenant may
/// @param resumable how long an upload over several requests waits for its next bytes
/// @param types the media types that are taken: `image/png`, `image/*` or `*`
public record FileLimits(
    long maxBytes,
    long maxFormBytes,
    long userBytes,
    long tenantBytes,
    Duration resumable,
    List<String> types) {
  private static final int KIBIBYTE = 1024;
  private static final long MEBIBYTE = 1024L * 1024;
  private static final long AVATAR = 5 * MEBIBYTE;

  public FileLimits {
    types = List.copyOf(types);
  }

  /// Reads FILE_MAX_MIB, FILE_FORM_MAX_MIB, FILE_USER_QUOTA_MIB, FILE_TENANT_QUOTA_MIB,
  /// UPLOAD_EXPIRY and FILE_TYPES.
  public static FileLimits from(Environment environment) {
    return new FileLimits(
        mebibytes(environment, "FILE_MAX_MIB", 10 * KIBIBYTE),
        mebibytes(environment, "FILE_FORM_MAX_MIB", 50),
        mebibytes(environment, "FILE_USER_QUOTA_MIB", 50 * KIBIBYTE),
        mebibytes(environment, "FILE_TENANT_QUOTA_MIB", 500 * KIBIBYTE),
        environment.duration("UPLOAD_EXPIRY", Duration.ofDays(1)),
        Arrays.stream(environment.text("FILE_TYPES", "*").split(","))
            .map(type -> type.strip().toLowerCase(Locale.ROOT))
            .filter(type -> !type.isEmpty())
            .toList());
  }

  private static long mebibytes(Environment environment, String name, int fallback) {
    return environment.integer(name, fallback, 1, Integer.MAX_VALUE) * MEBIBYTE;
  }

  /// The most bytes of a file for this.
  public long most(Purpose purpose, boolean inForm) {
    var most = inForm ? Math.min(maxBytes, maxFormBytes) : maxBytes;
    return purpose == Purpose.AVATAR ? Math.min(most, AVATAR) : most;
  }

  /// Refuses files of a type that is not taken.
  public void require(Purpose purpose, String mediaType) {
    var isPicture = MediaType.PICTURES.contains(mediaType);
    var taken = types.stream().anyMatch(pattern -> fits(mediaType, pattern));
    if (!taken || (purpose == Purpose.AVATAR && !isPicture)) {
      throw new Problem.Refused(
              "MEDIA_TYPE_REFUSED",
              "files of type " + mediaType + " are not taken as " + purpose.name(),
              Map.of("media_type", mediaType, "purpose", purpose.name()))
          .raise();
    }
  }

  private static boolean fits(String mediaType, String pattern) {
    return pattern.equals("*")
        || pattern.equals(mediaType)
        || (pattern.endsWith("/*")
            && mediaType.startsWith(pattern.substring(0, pattern.length() - 1)));
  }

  /// Refuses more bytes than a file may have.
  public static RuntimeException tooLarge(long most) {
    return new Problem.Refused(
            "TOO_LARGE",
            "the file is larger than " + most + " bytes",
            Map.of("limit_bytes", Long.toString(most)))
        .raise();
  }
}
