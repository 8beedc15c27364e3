package dev.agentserver.agentrun.usage;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What is counted and billed. Units are disjoint: a token is counted by one of them, so that the
/// sum over a call's units of a side is what the call used of it.
///
/// A unit without a price of its own costs what the first of its [#fallbacks] costs that has one.
public enum Unit {
  /// Input tokens that are none of the following: text, as a rule.
  INPUT(Side.INPUT),
  INPUT_AUDIO(Side.INPUT, INPUT),
  INPUT_IMAGE(Side.INPUT, INPUT),
  INPUT_VIDEO(Side.INPUT, INPUT),
  INPUT_DOCUMENT(Side.INPUT, INPUT),
  /// What a tool of the provider put into the prompt.
  INPUT_TOOL(Side.INPUT, INPUT),
  /// Sources that the provider read for the answer.
  CITATION(Side.INPUT, INPUT),
  CACHE_READ(Side.INPUT, INPUT),
  CACHE_READ_AUDIO(Side.INPUT, CACHE_READ, INPUT_AUDIO, INPUT),
  CACHE_READ_IMAGE(Side.INPUT, CACHE_READ, INPUT_IMAGE, INPUT),
  CACHE_READ_VIDEO(Side.INPUT, CACHE_READ, INPUT_VIDEO, INPUT),
  CACHE_READ_DOCUMENT(Side.INPUT, CACHE_READ, INPUT_DOCUMENT, INPUT),
  /// Written to a cache for five minutes, or for as long as the provider keeps it by default.
  CACHE_WRITE_5M(Side.INPUT, INPUT),
  CACHE_WRITE_1H(Side.INPUT, CACHE_WRITE_5M, INPUT),
  /// Output tokens that are none of the following: text, as a rule.
  OUTPUT(Side.OUTPUT),
  REASONING(Side.OUTPUT, OUTPUT),
  OUTPUT_AUDIO(Side.OUTPUT, OUTPUT),
  OUTPUT_IMAGE(Side.OUTPUT, OUTPUT),
  OUTPUT_VIDEO(Side.OUTPUT, OUTPUT),
  WEB_SEARCH(1_000),
  FILE_SEARCH(1_000),
  CODE_EXECUTION(1_000),
  /// A source that a live search used.
  SEARCH_SOURCE(1_000),
  /// A query over at most so many documents, of a reranker.
  SEARCH_UNIT(1_000),
  CLASSIFICATION(1_000),
  /// A call as such. It is used by every call and therefore never told: it is billed where it has a
  /// price.
  REQUEST(1_000),
  PAGE(1),
  IMAGE(1),
  AUDIO_SECOND(1),
  CHARACTER(1),
  /// What the provider says that the call cost, in US dollars; never a quantity of usage.
  PROVIDER_REPORTED(1);

  /// Where a unit belongs.
  public enum Side {
    /// Tokens that went into the model: together they are the size of the context.
    INPUT,
    /// Tokens that came out of it.
    OUTPUT,
    /// Not tokens.
    OTHER
  }

  private static final Map<String, Unit> BY_KEY =
      Arrays.stream(values()).collect(Collectors.toMap(Unit::key, Function.identity()));

  private final Side side;
  private final BigDecimal per;
  private final List<Unit> fallbacks;

  Unit(Side side, Unit... fallbacks) {
    this.side = side;
    this.per = BigDecimal.valueOf(1_000_000);
    this.fallbacks = List.of(fallbacks);
  }

  Unit(int per) {
    this.side = Side.OTHER;
    this.per = BigDecimal.valueOf(per);
    this.fallbacks = List.of();
  }

  public Side side() {
    return side;
  }

  /// Whose price it has where it has none of its own, the nearest first.
  public List<Unit> fallbacks() {
    return fallbacks;
  }

  /// For how many of it a price is given as a rule: a million tokens, a thousand calls, one of
  /// anything else.
  public BigDecimal per() {
    return per;
  }

  /// Its name in contracts, tables and files, for example `cache_read`.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The unit of that name, if there is one.
  public static Optional<Unit> of(String key) {
    return Optional.ofNullable(BY_KEY.get(key));
  }
}
