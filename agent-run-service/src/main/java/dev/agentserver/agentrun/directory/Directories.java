package dev.agentserver.agentrun.directory;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks at the directories of the server's own disk that the operator has named, and below. Each
/// look is in the audit trail.
public final class Directories {
  private static final int FILES = 100;
  private static final int DEPTH = 8;
  private static final List<String> SESSION_FILES =
      List.of("spec.md", "plan.json", "plan.md", "state.json");
  private static final List<String> SESSION_DIRECTORIES = List.of("context", "debug", "research");

  private final Database database;
  private final AuditTrail audit;
  private final List<Path> roots;

  /// @param roots what may be looked at; none: nothing
  public Directories(Database database, AuditTrail audit, List<Path> roots) {
    this.database = database;
    this.audit = audit;
    this.roots = List.copyOf(roots);
  }

  /// What is in a directory, by name.
  ///
  /// @param path empty: the directories that may be looked at
  /// @param after the name that the page before ended with; empty: from the first
  List<DirectoryEntry> list(Caller caller, String method, String path, String after, int limit) {
    look(caller, method, path);
    if (path.isEmpty()) {
      return roots.stream()
          .filter(root -> root.toString().compareTo(after) > 0)
          .flatMap(root -> entry(root).stream())
          .limit(limit)
          .toList();
    }
    try (var tree = open(path)) {
      return tree.names(after, limit).stream().flatMap(name -> tree.entry(name).stream()).toList();
    } catch (IOException unreadable) {
      throw missing(path);
    }
  }

  /// What is at a path; empty when nothing is that may be looked at.
  Optional<DirectoryEntry> look(Caller caller, String method, String text) {
    if (roots.isEmpty()) {
      throw new Problem.Refused(
              "LOCAL_MODE_OFF", "this server does not look at its own disk", Map.of())
          .raise();
    }
    database.write(
        db -> {
          audit.record(db, caller, new AuditRecord(method, "directory", "", Map.of("path", text)));
          return true;
        });
    return text.isEmpty() ? Optional.empty() : entry(absolute(text));
  }

  private Optional<DirectoryEntry> entry(Path path) {
    var root = root(path);
    if (root.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (path.equals(root.get())) {
        try (var tree = Tree.open(path, path)) {
          return Optional.of(tree.self(path.toString()));
        }
      }
      try (var tree = Tree.open(root.get(), path.getParent())) {
        return tree.entry(path.getFileName());
      }
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /// The files of a session's directory: those that have a meaning, and what is below those
  /// directories that have one.
  ///
  /// @param limit the most bytes of a file
  public List<LocalFile> sessionFiles(Caller caller, String method, String path, int limit) {
    look(caller, method, path);
    var files = new ArrayList<LocalFile>();
    try (var tree = open(path)) {
      for (var name : tree.names(10_000)) {
        if (SESSION_FILES.contains(name.toString())) {
          add(files, tree, name, "", limit);
        } else if (SESSION_DIRECTORIES.contains(name.toString())) {
          addAll(files, tree, name, "", limit, DEPTH);
        }
      }
      return files;
    } catch (IOException unreadable) {
      throw missing(path);
    }
  }

  private static void addAll(
      List<LocalFile> files, Tree parent, Path name, String prefix, int limit, int depth)
      throws IOException {
    if (depth == 0) {
      throw Problem.invalid("directory", "is deeper than " + DEPTH + " at " + prefix + name);
    }
    try (var tree = parent.below(name)) {
      for (var each : tree.names(FILES + 1)) {
        var entry = tree.entry(each);
        if (entry.isPresent() && entry.get().kind() == DirectoryEntry.Kind.DIRECTORY) {
          addAll(files, tree, each, prefix + name + "/", limit, depth - 1);
        } else if (entry.isPresent() && entry.get().kind() == DirectoryEntry.Kind.FILE) {
          add(files, tree, each, prefix + name + "/", limit);
        }
      }
    }
  }

  private static void add(List<LocalFile> files, Tree tree, Path name, String prefix, int limit) {
    if (files.size() == FILES) {
      throw Problem.invalid("directory", "has more than " + FILES + " files");
    }
    try {
      files.add(new LocalFile(prefix + name, tree.text(name, limit)));
    } catch (Tree.TooLong tooLong) {
      throw new Problem.Refused(
              "TOO_LARGE",
              prefix + name + " is larger than " + limit + " bytes",
              Map.of("field", prefix + name, "limit_bytes", Integer.toString(limit)))
          .raise();
    } catch (IOException unreadable) {
      throw Problem.invalid(
          "directory", "has a file that cannot be read as text: " + prefix + name);
    }
  }

  private Tree open(String text) throws IOException {
    var path = absolute(text);
    return Tree.open(root(path).orElseThrow(() -> missing(text)), path);
  }

  private Optional<Path> root(Path path) {
    return roots.stream().filter(path::startsWith).findFirst();
  }

  private static Path absolute(String text) {
    try {
      var path = Path.of(text);
      if (path.isAbsolute()) {
        return path.normalize();
      }
    } catch (InvalidPathException wrong) {
      throw Problem.invalid("path", "is no path");
    }
    throw Problem.invalid("path", "must be absolute");
  }

  private static ProblemException missing(String path) {
    return new Problem.NotFound("directory", path).raise();
  }
}
