package dev.agentserver.agentrun.usage.normalize;

import dev.agentserver.agentrun.text.Json;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.usage.normalize.Extractor.Reported;
import dev.agentserver.agentrun.usage.normalize.Extractor.Split;
import dev.agentserver.agentrun.usage.normalize.Extractor.Terms;
import dev.agentserver.agentrun.usage.normalize.Extractors.Provider;
import dev.agentserver.agentrun.usage.normalize.Part.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads extractors from their file. An extractor that `extends` another is that one with what it
/// says itself: other fields in their place, wholes and known names in addition, and parts that
/// `replace` those of a unit.
final class ExtractorFile {
  private final Map<String, Object> root;
  private final Map<String, Extractor> extractors = new LinkedHashMap<>();

  ExtractorFile(String resource) {
    try (var in = open(resource)) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      this.root = Json.object(Json.read(text).orElseThrow().getFirst());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static InputStream open(String resource) throws IOException {
    var in = ExtractorFile.class.getClassLoader().getResourceAsStream(resource);
    if (in == null) {
      throw new IOException(resource + " is not on the class path");
    }
    return in;
  }

  Extractors read() {
    for (var each : Json.list(root.get("extractors"))) {
      var extractor = extractor(Json.object(each));
      extractors.put(extractor.name(), extractor);
    }
    var providers = new HashMap<String, Provider>();
    for (var each : Json.list(root.get("providers"))) {
      var fields = Json.object(each);
      var provider = new Provider(text(fields, "name"), named(texts(fields, "extractors")));
      providers.put(provider.name(), provider);
      texts(fields, "aliases").forEach(alias -> providers.put(alias, provider));
    }
    return new Extractors(
        Map.copyOf(providers),
        named(texts(root, "others")),
        Collections.unmodifiableMap(extractors));
  }

  private List<Extractor> named(List<String> names) {
    return names.stream()
        .map(
            name -> {
              var found = extractors.get(name);
              if (found == null) {
                throw new IllegalStateException("there is no extractor " + name);
              }
              return found;
            })
        .toList();
  }

  private Extractor extractor(Map<String, @Nullable Object> fields) {
    var base = extractors.get(textOr(fields, "extends", ""));
    var wholes = new ArrayList<Part>();
    if (base != null) {
      var replaced = Json.object(fields.get("replace"));
      base.wholes().forEach(whole -> wholes.add(whole.with(part -> replaced(part, replaced))));
    }
    Json.list(fields.get("wholes")).forEach(whole -> wholes.add(part(Json.object(whole))));
    return new Extractor(
        text(fields, "name"),
        base == null || fields.containsKey("flavors")
            ? Set.copyOf(texts(fields, "flavors"))
            : base.flavors(),
        Boolean.TRUE.equals(fields.get("only")),
        paths(fields, "needs"),
        base == null || fields.containsKey("usage") ? paths(fields, "usage") : base.usage(),
        List.copyOf(wholes),
        base == null || fields.containsKey("total") ? paths(fields, "total") : base.total(),
        base == null || fields.containsKey("models") ? paths(fields, "models") : base.models(),
        fields.containsKey("split") ? split(fields) : base == null ? null : base.split(),
        fields.containsKey("reported") ? reported(fields) : base == null ? null : base.reported(),
        base == null || fields.containsKey("terms") ? terms(fields) : base.terms(),
        known(base, fields, wholes),
        base == null ? Set.copyOf(texts(fields, "last")) : base.last());
  }

  private static Part replaced(Part part, Map<String, @Nullable Object> replacements) {
    var other = replacements.get(part.unit().key());
    return other == null ? part : part(Json.object(other));
  }

  /// All fields that are looked at, and those that count nothing of their own.
  private static Set<String> known(
      @Nullable Extractor base, Map<String, @Nullable Object> fields, List<Part> wholes) {
    var reported = Json.at(fields.get("reported"), "at");
    return Stream.of(
            base == null ? Stream.<String>of() : base.known().stream(),
            texts(fields, "known").stream(),
            wholes.stream().flatMap(Part::paths).map(Path::names),
            paths(fields, "total").stream().map(Path::names),
            Stream.ofNullable(reported).map(Object::toString))
        .flatMap(each -> each)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Part part(Map<String, @Nullable Object> fields) {
    var models = fields.get("models");
    var less = fields.get("less");
    return new Part(
        unit(text(fields, "unit")),
        paths(fields, "at"),
        paths(fields, "sum"),
        Place.valueOf(textOr(fields, "place", Place.INSIDE.name())),
        !Boolean.FALSE.equals(fields.get("counted")),
        Boolean.TRUE.equals(fields.get("any_modality")),
        less == null ? null : unit(less.toString()),
        models == null ? null : Pattern.compile(models.toString()),
        Json.list(fields.get("parts")).stream().map(each -> part(Json.object(each))).toList());
  }

  private static Unit unit(String key) {
    return Unit.of(key).orElseThrow(() -> new IllegalStateException("there is no unit " + key));
  }

  private static Split split(Map<String, @Nullable Object> fields) {
    var split = Json.object(fields.get("split"));
    return new Split(
        Path.of(text(split, "each")),
        Path.of(textOr(split, "type", "type")),
        Path.of(text(split, "model")),
        Path.of(text(split, "usage")),
        Set.copyOf(texts(split, "own")));
  }

  private static Reported reported(Map<String, @Nullable Object> fields) {
    var reported = Json.object(fields.get("reported"));
    var flag = reported.get("flag");
    var upstream = reported.get("upstream");
    return new Reported(
        Path.of(text(reported, "at")),
        new BigDecimal(textOr(reported, "times", "1")),
        flag == null ? null : Path.of(flag.toString()),
        upstream == null ? null : Path.of(upstream.toString()));
  }

  private static Terms terms(Map<String, @Nullable Object> fields) {
    var terms = Json.object(fields.get("terms"));
    return new Terms(
        paths(terms, "tier"),
        Set.copyOf(texts(terms, "standard")),
        Json.object(terms.get("others")).entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> String.valueOf(entry.getValue()))),
        paths(terms, "region"),
        Set.copyOf(texts(terms, "anywhere")));
  }

  private static List<Path> paths(Map<String, @Nullable Object> fields, String name) {
    return texts(fields, name).stream().map(Path::of).toList();
  }

  private static List<String> texts(Map<String, @Nullable Object> fields, String name) {
    return Json.list(fields.get(name)).stream().map(String::valueOf).toList();
  }

  private static String textOr(
      Map<String, @Nullable Object> fields, String name, String otherwise) {
    var text = fields.get(name);
    return text == null ? otherwise : text.toString();
  }

  private static String text(Map<String, @Nullable Object> fields, String name) {
    var text = fields.get(name);
    if (text == null) {
      throw new IllegalStateException(fields + " has no " + name);
    }
    return text.toString();
  }
}
