package dev.agentserver.settings.flag.logic;

import java.util.ArrayList;

/// The steps of a variable's name: `a.b`, where `\.` is a dot that belongs to the name.
final class Path {
  private Path() {}

  static String[] split(String name) {
    var steps = new ArrayList<String>();
    var step = new StringBuilder();
    for (var i = 0; i < name.length(); i++) {
      var c = name.charAt(i);
      var next = i + 1 < name.length() ? name.charAt(i + 1) : 0;
      if (c == '\\' && (next == '.' || next == '/' || next == '\\')) {
        step.append(next);
        i++;
      } else if (c == '.') {
        steps.add(step.toString());
        step.setLength(0);
      } else {
        step.append(c);
      }
    }
    if (steps.size() != name.length()) {
      steps.add(step.toString());
    }
    return steps.toArray(String[]::new);
  }
}
