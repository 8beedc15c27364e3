package dev.agentserver.gateway.transcode.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Chooses a stream's format by the Accept header (RFC 9110, section 12.5.1). What is named beats
/// what only falls under a wildcard; of equals the first named wins; a client that accepts none of
/// ours gets JSON all the same.
public final class Accept {
  /// In the order of preference where a client leaves the choice.
  private static final List<StreamFormat> FORMATS =
      List.of(
          new JsonArray(),
          new EventStream(),
          new JsonLines("application/x-ndjson"),
          new JsonLines("application/jsonl"));

  private Accept() {}

  /// A media range of the header.
  ///
  /// @param place where in the header it stands
  private record Range(String type, double quality, int place) {
    /// How closely it names a media type: 0 not at all, 3 exactly.
    int fit(String mediaType) {
      if (type.equals(mediaType)) {
        return 3;
      }
      var all = mediaType.substring(0, mediaType.indexOf('/')) + "/*";
      return type.equals(all) ? 2 : type.equals("*/*") ? 1 : 0;
    }
  }

  private record Offer(StreamFormat format, Range range, int fit) {}

  /// @param headers the Accept headers, none included
  public static StreamFormat choose(List<String> headers) {
    var ranges = ranges(headers);
    return FORMATS.stream()
        .flatMap(format -> offer(format, ranges).stream())
        .filter(offer -> offer.range().quality() > 0)
        .min(
            Comparator.comparingDouble((Offer offer) -> -offer.range().quality())
                .thenComparingInt(offer -> -offer.fit())
                .thenComparingInt(offer -> offer.range().place()))
        .map(Offer::format)
        .orElse(FORMATS.getFirst());
  }

  /// The closest range is the one that counts for a format.
  private static Optional<Offer> offer(StreamFormat format, List<Range> ranges) {
    return ranges.stream()
        .map(range -> new Offer(format, range, range.fit(format.mediaType())))
        .filter(offer -> offer.fit() > 0)
        .max(Comparator.comparingInt(Offer::fit));
  }

  private static List<Range> ranges(List<String> headers) {
    var ranges = new ArrayList<Range>();
    for (var entry : String.join(",", headers).split(",")) {
      var parts = entry.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*");
      var quality = 1.0;
      for (int i = 1; i < parts.length; i++) {
        if (parts[i].startsWith("q=")) {
          quality = quality(parts[i].substring(2));
        }
      }
      ranges.add(new Range(parts[0], quality, ranges.size()));
    }
    return ranges;
  }

  /// What is no quality is taken for the full one: the client did name the type.
  private static double quality(String text) {
    return text.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(text) : 1;
  }
}
