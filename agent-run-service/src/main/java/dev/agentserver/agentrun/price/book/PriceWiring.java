package dev.agentserver.agentrun.price.book;

import dev.agentserver.agentrun.price.PriceBook;
import dev.agentserver.agentrun.usage.Normalizer;
import dev.agentserver.agentrun.usage.normalize.Extractors;
import dev.agentserver.agentrun.usage.normalize.RawNormalizer;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.service.KitRuntime;
import io.grpc.BindableService;
import java.time.Clock;

/// The normaliser and the price book.
///
/// @param service PriceService
/// @param builtIn the prices that come with the suite, to be loaded when it starts
public record PriceWiring(
    Normalizer normalizer, PriceBook book, BuiltInPrices builtIn, BindableService service) {
  public static PriceWiring open(KitRuntime kit, PageSizes pages, Clock clock) {
    var extractors = Extractors.builtIn();
    var normalizer = new RawNormalizer(extractors);
    var database = kit.database();
    var book = new StoredPrices(database, extractors::provider);
    var prices = new Prices(database, kit.writes(), kit.audit(), kit.ids(), clock, book);
    var imports = new Imports(database, kit.writes(), kit.audit(), kit.ids(), clock, prices, book);
    var estimates = new Estimates(normalizer, book, extractors::provider, clock);
    return new PriceWiring(
        normalizer,
        book,
        new BuiltInPrices(database),
        new PriceRpc(prices, imports, estimates, extractors::provider, pages));
  }
}
