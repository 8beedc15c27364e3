package dev.agentserver.e2e.configuration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// What clients read, wrote and were promised of a few settings, to be compared with the history
/// that is there afterwards. Because the history says in which order the writes happened, nothing
/// has to be guessed: it must be whole, hold what was promised, and agree with what was read.
final class Register {
  /// A write that was acknowledged.
  ///
  /// @param base the revision it was made on; null: any
  /// @param begun when it was first sent, by the client's clock
  /// @param ended when its answer was there
  record Write(String key, String value, Long base, long begun, long ended, long revision) {}

  /// A read: all keys at a revision.
  record Read(Map<String, String> values, long begun, long revision) {}

  /// A row of the history; the value is null where it is none of a write's.
  record Stored(long revision, String key, String value) {}

  private final Queue<Write> writes = new ConcurrentLinkedQueue<>();
  private final Queue<Read> reads = new ConcurrentLinkedQueue<>();
  private final Queue<String> sent = new ConcurrentLinkedQueue<>();

  void sent(String value) {
    sent.add(value);
  }

  void wrote(Write write) {
    writes.add(write);
  }

  void read(Read read) {
    reads.add(read);
  }

  int acknowledgements() {
    return writes.size();
  }

  /// Everything that is wrong: nothing, when every promise was kept.
  List<String> violations(List<Stored> history) {
    var violations = new ArrayList<String>();
    var stored = history.stream().sorted(Comparator.comparing(Stored::revision)).toList();
    checkWhole(stored, violations);
    writes.forEach(write -> checkWrite(write, stored, violations));
    checkOrder(violations);
    checkReads(stored, violations);
    return violations;
  }

  private void checkWhole(List<Stored> stored, List<String> violations) {
    var expected = 1L;
    var values = new HashSet<String>();
    var known = new HashSet<>(sent);
    for (var row : stored) {
      if (row.revision() > expected) {
        violations.add("gap: " + row.revision() + " in place of " + expected);
      }
      expected = row.revision() + 1;
      if (row.value() != null && !values.add(row.value())) {
        violations.add("twice: " + row.value());
      }
      if (row.value() != null && !known.contains(row.value())) {
        violations.add("never sent: " + row.value());
      }
    }
  }

  private static void checkWrite(Write write, List<Stored> stored, List<String> violations) {
    if (!stored.contains(new Stored(write.revision(), write.key(), write.value()))) {
      violations.add("lost: " + write);
    }
    var overtaken =
        stored.stream()
            .anyMatch(
                row ->
                    write.base() != null
                        && row.key().equals(write.key())
                        && row.revision() > write.base()
                        && row.revision() < write.revision());
    if (overtaken) {
      violations.add("conflict: " + write);
    }
  }

  /// What ended before something began has the lower revision.
  private void checkOrder(List<String> violations) {
    var done = done();
    for (var write : writes) {
      var before = done.lowerEntry(write.begun());
      if (before != null && before.getValue() > write.revision()) {
        violations.add("order: " + write + " after " + before.getValue());
      }
    }
  }

  /// When something ended → the highest revision of what had ended by then.
  private TreeMap<Long, Long> done() {
    var done = new TreeMap<Long, Long>();
    var highest = 0L;
    for (var write : writes.stream().sorted(Comparator.comparing(Write::ended)).toList()) {
      highest = Math.max(highest, write.revision());
      done.put(write.ended(), highest);
    }
    return done;
  }

  private void checkReads(List<Stored> stored, List<String> violations) {
    var done = done();
    var states = states(stored);
    for (var read : reads) {
      var before = done.lowerEntry(read.begun());
      if (before != null && before.getValue() > read.revision()) {
        violations.add("stale: read " + read.revision() + " after " + before.getValue());
      }
      var state = states.floorEntry(read.revision());
      if (!Objects.equals(state == null ? Map.of() : state.getValue(), read.values())) {
        violations.add("wrong: read " + read + ", the history has " + state);
      }
    }
  }

  /// Revision → what every key was then.
  static TreeMap<Long, Map<String, String>> states(List<Stored> stored) {
    var states = new TreeMap<Long, Map<String, String>>();
    var state = new HashMap<String, String>();
    for (var row : stored.stream().sorted(Comparator.comparing(Stored::revision)).toList()) {
      if (row.value() != null) {
        state.put(row.key(), row.value());
      }
      states.put(row.revision(), Map.copyOf(state));
    }
    return states;
  }
}
