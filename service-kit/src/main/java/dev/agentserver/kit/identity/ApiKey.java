package dev.agentserver.kit.identity;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// A long-lived credential: `ag_<environment>_<id>_<secret>_<checksum>`. The prefix lets scanners
/// find leaked keys, the checksum lets them and us tell a mistyped key from an unknown one without
/// a look-up.
///
/// @param environment what it opens, for example "dev"
/// @param id names the key; no secret
/// @param secret 40 characters of 62: 238 bits
public record ApiKey(String environment, String id, String secret) {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_LENGTH = 16;
  private static final int SECRET_LENGTH = 40;
  private static final int CHECKSUM_LENGTH = 6;
  private static final Pattern FORM =
      Pattern.compile(
          "ag_([a-z]{1,16})_([0-9A-Za-z]{"
              + ID_LENGTH
              + "})_([0-9A-Za-z]{"
              + SECRET_LENGTH
              + "})_([0-9A-Za-z]{"
              + CHECKSUM_LENGTH
              + "})");

  /// @param random must be cryptographically strong
  public static ApiKey generate(String environment, RandomGenerator random) {
    return new ApiKey(environment, letters(random, ID_LENGTH), letters(random, SECRET_LENGTH));
  }

  /// Empty for anything that is not a whole, undamaged key.
  public static Optional<ApiKey> parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    var key = new ApiKey(form.group(1), form.group(2), form.group(3));
    return key.checksum().equals(form.group(4)) ? Optional.of(key) : Optional.empty();
  }

  public String format() {
    return body() + "_" + checksum();
  }

  @Override
  public String toString() {
    return "ag_" + environment + "_" + id + "_***";
  }

  private String body() {
    return "ag_" + environment + "_" + id + "_" + secret;
  }

  private String checksum() {
    var crc = new CRC32();
    crc.update(body().getBytes(StandardCharsets.US_ASCII));
    var digits = new StringBuilder();
    for (var rest = crc.getValue(); digits.length() < CHECKSUM_LENGTH; rest /= ALPHABET.length()) {
      digits.append(ALPHABET.charAt((int) (rest % ALPHABET.length())));
    }
    return digits.toString();
  }

  private static String letters(RandomGenerator random, int length) {
    return random
        .ints(length, 0, ALPHABET.length())
        .collect(
            StringBuilder::new, (text, i) -> text.append(ALPHABET.charAt(i)), StringBuilder::append)
        .toString();
  }
}
