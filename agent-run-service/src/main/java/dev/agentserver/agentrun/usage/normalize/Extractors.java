package dev.agentserver.agentrun.usage.normalize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Which extractor reads what.
///
/// @param providers by name and by alias, in small letters
/// @param others what may read the reports of a provider that is not known
/// @param all by name
public record Extractors(
    Map<String, Provider> providers, List<Extractor> others, Map<String, Extractor> all) {
  /// @param name in the price book
  record Provider(String name, List<Extractor> extractors) {}

  /// The ones that come with the suite.
  public static Extractors builtIn() {
    return new ExtractorFile("usage/extractors.json").read();
  }

  /// The name of a provider in the price book.
  public String provider(String any) {
    var name = any.strip().toLowerCase(Locale.ROOT);
    var known = providers.get(name);
    return known == null ? name : known.name();
  }

  /// Those that may read it, the likeliest first: of the flavor, of the provider, and any.
  List<Extractor> candidates(String provider, String flavor) {
    var known = providers.get(provider);
    var own = known == null ? others : known.extractors();
    var spoken = flavor.toLowerCase(Locale.ROOT);
    var found = new LinkedHashMap<String, Extractor>();
    Stream.of(
            own.stream().filter(each -> each.flavors().contains(spoken)),
            all.values().stream()
                .filter(each -> !isChat(spoken) && each.flavors().contains(spoken)),
            own.stream().filter(each -> !each.only()),
            others.stream())
        .flatMap(each -> each)
        .forEach(each -> found.putIfAbsent(each.name(), each));
    return new ArrayList<>(found.values());
  }

  /// What so many call their interface that it says nothing.
  private static boolean isChat(String flavor) {
    return flavor.startsWith("chat") || flavor.equals("generate");
  }
}
