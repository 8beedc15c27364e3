package dev.agentserver.benchmarks.row;

import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.DiskFiles;
import dev.agentserver.benchmarks.load.FileBytes;
import dev.agentserver.benchmarks.load.FileWay;
import dev.agentserver.benchmarks.load.GrpcFiles;
import dev.agentserver.benchmarks.load.HttpFiles;
import dev.agentserver.benchmarks.load.StoreFiles;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Measured;
import dev.agentserver.benchmarks.measure.Processes;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.measure.Stopwatch;
import dev.agentserver.benchmarks.system.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Files, small and large ones, one after the other: to a client and back. The store runs in the
/// process of the server, and is the same for the MinIO client alone.
public final class Keeping {
  /// The peer that keeps files.
  public static final String PEER = "express-multer";

  private static final String GRPC = "gRPC";
  private static final String FORM = "HTTP, gateway";
  private static final String STORE = "MinIO client alone";
  private static final String FLOOR = "hash and disk";
  private static final int SMALL = 4 << 10;
  private static final int LARGE = 64 << 20;
  private static final int LARGE_OF_PROOF = 6 << 20;
  private static final int COLD = 1_000;

  private final Plan plan;
  private final Stage stage;

  public Keeping(Plan plan, Stage stage) {
    this.plan = plan;
    this.stage = stage;
  }

  public List<Section> measure() {
    var large = plan.isProof() ? LARGE_OF_PROOF : LARGE;
    return Stream.of(SMALL, large)
        .flatMap(size -> Stream.of(section(size, true), section(size, false)))
        .toList();
  }

  private Section section(int size, boolean up) {
    var server = stage.server();
    var columns = new ArrayList<Column>();
    columns.add(
        column(
            GRPC,
            size,
            up,
            stage.ours(),
            () -> new GrpcFiles(server.file(), stage.account().token())));
    columns.add(
        column(
            FORM,
            size,
            up,
            stage.ours(),
            () -> new HttpFiles(server.gateway() + "/v1/files", stage.account().token())));
    columns.add(
        column(
            STORE,
            size,
            up,
            stage.ours(),
            () -> new StoreFiles(server.objects(), server.objectsKey())));
    var peer = stage.peers().get(PEER);
    if (peer != null) {
      columns.add(
          column(PEER, size, up, stage.of(peer), () -> new HttpFiles(peer.url() + "/files", "")));
    }
    columns.add(
        column(
            FLOOR,
            size,
            up,
            new Processes(List.of(), 0),
            () -> new DiskFiles(server.data().resolve("floor"))));
    var measured = Rounds.measure(columns, plan.rounds(), plan.window());
    var title = (up ? "upload " : "download ") + (size == SMALL ? "4 KiB" : (size >> 20) + " MiB");
    return new Section(title, measured, section -> findings(section, up));
  }

  private Column column(
      String name, int size, boolean up, Processes processes, Supplier<FileWay> way) {
    var ours = name.equals(GRPC) || name.equals(FORM);
    var warmUp = size == SMALL ? plan.warmUp() / 30 : Math.min(4, plan.warmUp() / COLD);
    return new Column(name, ours, warmUp, processes, up ? puts(size, way) : gets(size, way));
  }

  private static Driver puts(int size, Supplier<FileWay> ways) {
    var bytes = new FileBytes(size);
    return time -> {
      try (var way = ways.get()) {
        var watch = new Stopwatch();
        var end = System.nanoTime() + time.toNanos();
        for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
          var id = way.put(bytes.next());
          watch.good(1, System.nanoTime() - now);
          if (size > SMALL) {
            way.delete(id);
          }
        }
        return watch.done();
      }
    };
  }

  private static Driver gets(int size, Supplier<FileWay> ways) {
    var kept = new AtomicReference<String>();
    return time -> {
      try (var way = ways.get()) {
        if (kept.get() == null) {
          kept.set(way.put(new FileBytes(size).next()));
        }
        var watch = new Stopwatch();
        var end = System.nanoTime() + time.toNanos();
        for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
          if (way.get(kept.get()) == size) {
            watch.good(1, System.nanoTime() - now);
          } else {
            watch.bad();
          }
        }
        return watch.done();
      }
    };
  }

  /// A download from the page cache is no floor of a server, and a small file is mostly the sync
  /// of three commits and an object.
  private static List<Finding> findings(Section section, boolean up) {
    var findings = new ArrayList<Finding>();
    var isLarge = !section.title().endsWith("KiB");
    for (var ours : List.of(GRPC, FORM)) {
      var one = section.column(ours).orElseThrow();
      if (up && isLarge) {
        findings.add(Finding.rate(one, the(FLOOR, section), 0.6));
      }
      findings.add(Finding.rate(one, the(STORE, section), 0.5));
      section.column(PEER).ifPresent(base -> findings.add(Finding.rate(one, base, 0.5)));
    }
    return findings;
  }

  private static Measured the(String name, Section section) {
    return section.column(name).orElseThrow();
  }
}
