package dev.agentserver.kit.db;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.agentserver.common.v1.PageToken;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Where a page token is good: for this caller, this method and this filter.
///
/// @param filter everything of the request that decides which rows there are and in which order,
/// page size and token apart
public record PageScope(Caller caller, String method, String filter) {
  private static final int SCOPE_BYTES = 16;

  /// The size of a page: `fallback` when none was asked for, at most `max`.
  public static int size(int requested, int fallback, int max) {
    if (requested < 0) {
      throw Problem.invalid("page_size", "must not be negative");
    }
    return requested == 0 ? fallback : Math.min(requested, max);
  }

  /// The token for the page after the row with these sort keys.
  public String token(List<String> position) {
    var token = PageToken.newBuilder().setScope(scope()).addAllPosition(position).build();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token.toByteArray());
  }

  /// The sort keys that a token holds; empty for the first page. A token of another scope, or one
  /// that was tampered with, is refused.
  public Optional<List<String>> position(String token) {
    return position(token, Function.identity());
  }

  /// The same, read by `parse`, whose complaints mean a damaged token.
  public <T> Optional<T> position(String token, Function<List<String>, T> parse) {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    try {
      var content = PageToken.parseFrom(Base64.getUrlDecoder().decode(token));
      if (content.getScope().equals(scope())) {
        return Optional.of(parse.apply(List.copyOf(content.getPositionList())));
      }
    } catch (InvalidProtocolBufferException
        | IllegalArgumentException
        | DateTimeException
        | IndexOutOfBoundsException damaged) {
      throw refusal();
    }
    throw refusal();
  }

  private static RuntimeException refusal() {
    return new Problem.Refused(
            "INVALID_PAGE_TOKEN",
            "the page token is not one of this caller, method and filter",
            Map.of("field", "page_token"))
        .raise();
  }

  private ByteString scope() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var part :
          List.of(
              String.valueOf(caller.tenantId()), caller.principalId().toString(), method, filter)) {
        var bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
      }
      return ByteString.copyFrom(digest.digest(), 0, SCOPE_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
