package dev.agentserver.settings.flag.store;

import dev.agentserver.settings.flag.value.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is kept of a flag in one environment, or in all of them.
///
/// @param definition as flagd has it; empty where only the kill switch is kept
/// @param offVariant the variant while a prerequisite is not met; empty: the default variant
/// @param killed whether the kill switch is thrown
public record FlagDocument(
    Map<String, Object> definition,
    List<Prerequisite> prerequisites,
    String offVariant,
    String description,
    boolean killed) {
  /// Nothing at all.
  public static final FlagDocument NONE = of(Map.of());

  /// A definition and nothing else; the rules that flags share are such a one, too.
  public static FlagDocument of(Map<String, Object> definition) {
    return new FlagDocument(definition, List.of(), "", "", false);
  }

  public FlagDocument withKilled(boolean killed) {
    return new FlagDocument(definition, prerequisites, offVariant, description, killed);
  }

  /// Whether there is something to evaluate.
  public boolean isDefined() {
    return !definition.isEmpty();
  }

  public boolean isNone() {
    return equals(NONE);
  }

  /// What the column holds. Equal documents are equal texts but for the order of members.
  public String print() {
    var members = new LinkedHashMap<String, Object>();
    members.put("definition", definition);
    members.put(
        "prerequisites",
        prerequisites.stream()
            .<Object>map(each -> Map.of("key", each.key(), "variant", each.variant()))
            .toList());
    members.put("off_variant", offVariant);
    members.put("description", description);
    members.put("killed", killed);
    return Json.print(members);
  }

  /// Reads what [#print] wrote.
  public static FlagDocument parse(String text) {
    var members = object(Json.parse(text));
    return new FlagDocument(
        object(members.get("definition")),
        ((List<?>) members.get("prerequisites"))
            .stream().map(each -> prerequisite(object(each))).toList(),
        (String) members.get("off_variant"),
        (String) members.get("description"),
        (Boolean) members.get("killed"));
  }

  private static Prerequisite prerequisite(Map<String, Object> members) {
    return new Prerequisite((String) members.get("key"), (String) members.get("variant"));
  }

  @SuppressWarnings("unchecked") // the names of JSON's members are strings
  private static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }
}
