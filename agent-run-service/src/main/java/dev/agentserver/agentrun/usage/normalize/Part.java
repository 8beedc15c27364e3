package dev.agentserver.agentrun.usage.normalize;

import dev.agentserver.agentrun.usage.Unit;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What one field, or several that mean the same, count of a unit; and what of it other fields
/// count apart.
///
/// @param at the first of these that counts something is taken
/// @param sum what it is the sum of, for reports that leave the sum out
/// @param place whether it is contained in what it is a part of
/// @param counted whether the provider's total contains it
/// @param anyModality whether it counts tokens whatever their modality
/// @param less what of it another part counts already
/// @param models of which models it is billed; null: of all
record Part(
    Unit unit,
    List<Path> at,
    List<Path> sum,
    Place place,
    boolean counted,
    boolean anyModality,
    @Nullable Unit less,
    @Nullable Pattern models,
    List<Part> parts) {
  /// Where a part is.
  enum Place {
    INSIDE,
    OUTSIDE,
    /// Inside, unless the provider's total says otherwise.
    MOSTLY_INSIDE,
    /// Outside, unless the provider's total says otherwise.
    MOSTLY_OUTSIDE
  }

  boolean isOpen() {
    return place == Place.MOSTLY_INSIDE || place == Place.MOSTLY_OUTSIDE;
  }

  /// Where it is by itself.
  boolean isInside() {
    return place == Place.INSIDE || place == Place.MOSTLY_INSIDE;
  }

  boolean isOf(String model) {
    return models == null || models.matcher(model).find();
  }

  /// What the fields count; null: none of them is there.
  @Nullable BigDecimal count(Object usage) {
    BigDecimal found = null;
    for (var path : at) {
      var count = path.count(usage);
      if (count != null && (found == null || found.signum() == 0)) {
        found = count;
      }
    }
    var added = added(usage);
    return found == null || (found.signum() == 0 && added != null) ? added : found;
  }

  /// The sum of what it is made of; null: nothing of that is there.
  @Nullable BigDecimal added(Object usage) {
    BigDecimal found = null;
    for (var path : sum) {
      var count = path.count(usage);
      if (count != null) {
        found = found == null ? count : found.add(count);
      }
    }
    return found;
  }

  /// This one and all beneath it.
  Stream<Part> all() {
    return Stream.concat(Stream.of(this), parts.stream().flatMap(Part::all));
  }

  /// All fields that are looked at.
  Stream<Path> paths() {
    return all().flatMap(part -> Stream.concat(part.at.stream(), part.sum.stream()));
  }

  /// All beneath this one changed, and then this one.
  Part with(UnaryOperator<Part> change) {
    var below = parts.stream().map(part -> part.with(change)).toList();
    return change.apply(new Part(unit, at, sum, place, counted, anyModality, less, models, below));
  }

  /// This one in another place.
  Part at(Place other) {
    return new Part(unit, at, sum, other, counted, anyModality, less, models, parts);
  }
}
