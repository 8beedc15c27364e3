package dev.agentserver.agentrun.price.book;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.cleanOrNull;

import com.google.protobuf.Empty;
import dev.agentserver.agentrun.price.CostProto;
import dev.agentserver.agentrun.price.book.Imports.Order;
import dev.agentserver.agentrun.price.book.Imports.Outcome;
import dev.agentserver.agentrun.price.book.PriceStore.Position;
import dev.agentserver.agentrun.price.imports.GenaiPrices;
import dev.agentserver.agentrun.price.imports.LitellmPrices;
import dev.agentserver.agentrun.text.Json;
import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.v1.CreatePriceVersionRequest;
import dev.agentserver.agentrun.v1.EstimateCostRequest;
import dev.agentserver.agentrun.v1.EstimateCostResponse;
import dev.agentserver.agentrun.v1.GetPriceVersionRequest;
import dev.agentserver.agentrun.v1.ImportPricesRequest;
import dev.agentserver.agentrun.v1.ImportPricesResponse;
import dev.agentserver.agentrun.v1.ListPriceVersionsRequest;
import dev.agentserver.agentrun.v1.ListPriceVersionsResponse;
import dev.agentserver.agentrun.v1.NormalizeUsageRequest;
import dev.agentserver.agentrun.v1.NormalizedUsage;
import dev.agentserver.agentrun.v1.PriceServiceGrpc;
import dev.agentserver.agentrun.v1.PriceVersion;
import dev.agentserver.agentrun.v1.WithdrawPriceVersionRequest;
import dev.agentserver.kit.db.PageScope;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.grpc.Attempts;
import dev.agentserver.kit.grpc.Callers;
import dev.agentserver.kit.grpc.Rpc;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.problem.Problem;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// PriceService: translation between the contract and [Prices], [Imports] and [Estimates].
final class PriceRpc implements BindableService {
  private final Prices prices;
  private final Imports imports;
  private final Estimates estimates;
  private final UnaryOperator<String> providers;
  private final PageSizes pages;

  /// @param providers the name of a provider in the price book
  PriceRpc(
      Prices prices,
      Imports imports,
      Estimates estimates,
      UnaryOperator<String> providers,
      PageSizes pages) {
    this.prices = prices;
    this.imports = imports;
    this.estimates = estimates;
    this.providers = providers;
    this.pages = pages;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return Rpc.service(PriceServiceGrpc.getServiceDescriptor())
        .unary(PriceServiceGrpc.getListPriceVersionsMethod(), this::list)
        .unary(PriceServiceGrpc.getGetPriceVersionMethod(), this::get)
        .unary(PriceServiceGrpc.getCreatePriceVersionMethod(), this::create)
        .unary(PriceServiceGrpc.getWithdrawPriceVersionMethod(), this::withdraw)
        .unary(PriceServiceGrpc.getImportPricesMethod(), this::importPrices)
        .unary(PriceServiceGrpc.getNormalizeUsageMethod(), this::normalize)
        .unary(PriceServiceGrpc.getEstimateCostMethod(), this::estimate)
        .build();
  }

  private ListPriceVersionsResponse list(ListPriceVersionsRequest request) {
    var caller = Callers.current();
    var method = PriceServiceGrpc.getListPriceVersionsMethod().getFullMethodName();
    var inForce =
        PriceProto.instantOrNull("in_force_at", request.hasInForceAt(), request.getInForceAt());
    var provider = cleanOrNull(request.getProvider());
    var filter =
        new PriceFilter(
            provider == null ? null : providers.apply(provider),
            cleanOrNull(request.getModel()),
            inForce,
            request.getIncludeWithdrawn());
    var scope = new PageScope(caller, method, filter.toString());
    var after =
        scope
            .position(
                request.getPageToken(),
                at -> new Position(at.getFirst(), at.get(1), UUID.fromString(at.get(2))))
            .orElse(null);
    var page = prices.list(caller, filter, after, pages.of(request.getPageSize()));
    var next = page.next();
    return ListPriceVersionsResponse.newBuilder()
        .addAllPriceVersions(page.versions().stream().map(PriceProto::toProto).toList())
        .setNextPageToken(
            next == null
                ? ""
                : scope.token(List.of(next.provider(), next.model(), next.id().toString())))
        .build();
  }

  private PriceVersion get(GetPriceVersionRequest request) {
    var id = UUID.fromString(request.getPriceVersionId());
    return PriceProto.toProto(prices.get(Callers.current(), id));
  }

  private PriceVersion create(CreatePriceVersionRequest request) {
    Attempt<StoredVersion> attempt =
        Attempts.of(
            PriceServiceGrpc.getCreatePriceVersionMethod(),
            request,
            PriceProto::toProto,
            PriceProto::fromProto);
    var draft = PriceProto.draft(request.getPriceVersion(), providers);
    return PriceProto.toProto(prices.create(Callers.current(), attempt, draft));
  }

  private Empty withdraw(WithdrawPriceVersionRequest request) {
    Attempt<Boolean> attempt =
        Attempts.of(
            PriceServiceGrpc.getWithdrawPriceVersionMethod(),
            request,
            _ -> Empty.getDefaultInstance(),
            _ -> true);
    prices.withdraw(Callers.current(), attempt, UUID.fromString(request.getPriceVersionId()));
    return Empty.getDefaultInstance();
  }

  private ImportPricesResponse importPrices(ImportPricesRequest request) {
    Attempt<Outcome> attempt =
        Attempts.of(
            PriceServiceGrpc.getImportPricesMethod(),
            request,
            PriceProto::toProto,
            PriceProto::fromProto);
    var content =
        Json.read(clean(request.getContent()))
            .filter(values -> values.size() == 1)
            .orElseThrow(() -> Problem.invalid("content", "is not JSON"))
            .getFirst();
    var file =
        switch (request.getFormat()) {
          case FORMAT_LITELLM -> LitellmPrices.read(content, providers);
          case FORMAT_GENAI_PRICES -> GenaiPrices.read(content, providers);
          case FORMAT_UNSPECIFIED, UNRECOGNIZED -> throw Problem.invalid("format", "must be set");
        };
    var order =
        new Order(
            file,
            request.getProvidersList().stream().map(providers).collect(Collectors.toSet()),
            PriceProto.instantOrNull(
                "effective_at", request.hasEffectiveAt(), request.getEffectiveAt()),
            request.getShared(),
            request.getDryRun());
    return PriceProto.toProto(imports.run(Callers.current(), attempt, order));
  }

  private NormalizedUsage normalize(NormalizeUsageRequest request) {
    return CostProto.toProto(
        estimates.normalize(
            clean(request.getProvider()),
            request.getApiFlavor(),
            clean(request.getModel()),
            request.getRawUsage()));
  }

  private EstimateCostResponse estimate(EstimateCostRequest request) {
    var model = clean(request.getModel());
    var provider = clean(request.getProvider());
    if (request.getRawUsage().isEmpty() == (request.getReadingsCount() == 0)) {
      throw Problem.invalid("raw_usage", "either it or readings must be set");
    }
    var usage =
        request.getRawUsage().isEmpty()
            ? estimates.given(
                provider, CostProto.readings("readings", request.getReadingsList(), model))
            : estimates.normalize(provider, request.getApiFlavor(), model, request.getRawUsage());
    var conditions =
        new Conditions(
            clean(request.getTier()).toLowerCase(Locale.ROOT),
            request.getBatch(),
            clean(request.getRegion()).toLowerCase(Locale.ROOT));
    var cost =
        estimates.price(
            Callers.current(),
            usage,
            conditions,
            PriceProto.instantOrNull(
                "occurred_at", request.hasOccurredAt(), request.getOccurredAt()));
    return EstimateCostResponse.newBuilder()
        .setUsage(CostProto.toProto(usage))
        .setCost(CostProto.toProto(cost))
        .build();
  }
}
