package dev.agentserver.agentrun.usage.normalize;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How one interface of a provider reports usage.
///
/// @param flavors the names of the interfaces that report so
/// @param only whether it reads nothing but reports of its flavors
/// @param needs fields without all of which a report is another's; none: those of the wholes
/// @param usage where the usage is in a response or in an event of a stream: the first of these
/// @param wholes what is counted, each with its parts
/// @param total where the provider's own sum is
/// @param models where the model's name is
/// @param split the calls that the response is made of; null: it is of one
/// @param reported what the provider says it cost; null: it never does
/// @param terms under which conditions it was made
/// @param known names of the fields that are looked at or count nothing of their own
/// @param last the types of events one of which ends a stream; none: streams are not told apart
record Extractor(
    String name,
    Set<String> flavors,
    boolean only,
    List<Path> needs,
    List<Path> usage,
    List<Part> wholes,
    List<Path> total,
    List<Path> models,
    @Nullable Split split,
    @Nullable Reported reported,
    Terms terms,
    Set<String> known,
    Set<String> last) {
  /// @param each where the calls are
  /// @param type where the type of a call is
  /// @param model where a call's model is; without one it is the response's
  /// @param usage where a call's usage is
  /// @param own the types whose usage the response's own contains
  record Split(Path each, Path type, Path model, Path usage, Set<String> own) {}

  /// @param times what the number is to be multiplied with for US dollars
  /// @param flag the field that is true when a key of the customer's was used; the provider then
  ///     names its fee alone
  /// @param upstream what the customer's own account was charged
  record Reported(Path at, BigDecimal times, @Nullable Path flag, @Nullable Path upstream) {}

  /// @param tier where the service tier is
  /// @param standard the values that mean the ordinary one
  /// @param others what other values are called here, where that is something else
  /// @param region where the region is
  /// @param anywhere the values that mean none
  record Terms(
      List<Path> tier,
      Set<String> standard,
      Map<String, String> others,
      List<Path> region,
      Set<String> anywhere) {}

  /// Whether a usage is one of these.
  boolean fits(Object usage) {
    var signs =
        needs.isEmpty() ? wholes.stream().flatMap(whole -> whole.at().stream()) : needs.stream();
    return signs.anyMatch(path -> !path.values(usage).isEmpty());
  }
}
