package dev.agentserver.settings.model;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// The providers and models of one tenant.
///
/// @param providers by name
/// @param models by name
public record Catalogue(Map<String, Provider> providers, Map<Model.Name, Model> models) {
  static Catalogue of(List<Provider> providers, List<Model> models) {
    return new Catalogue(
        providers.stream().collect(toUnmodifiableMap(Provider::name, identity())),
        models.stream().collect(toUnmodifiableMap(Model::name, identity())));
  }

  /// With the platform's beneath.
  ///
  /// @param beneath empty for the platform itself
  Layers over(Catalogue beneath) {
    return new Layers(this, beneath);
  }

  /// A tenant's own, and what of the platform's it has not itself.
  record Layers(Catalogue own, Catalogue beneath) {
    /// By name.
    List<Provider> providers() {
      return Stream.concat(
              own.providers.values().stream(),
              beneath.providers.values().stream()
                  .filter(each -> !own.providers.containsKey(each.name()))
                  .map(Provider::beneath))
          .sorted(Comparator.comparing(Provider::name))
          .toList();
    }

    /// What users can choose, by name.
    ///
    /// @param inactive also what is not in use of the tenant's own
    List<Model> models(boolean inactive) {
      return Stream.concat(
              own.models.values().stream().filter(each -> inactive || own.inUse(each)),
              beneath.models.values().stream()
                  .filter(beneath::inUse)
                  .filter(each -> !own.models.containsKey(each.name()))
                  .filter(each -> own.mayUse(each.name().provider()))
                  .map(Model::beneath))
          .sorted(Comparator.comparing(Model::name))
          .toList();
    }

    /// Whatever has this id, in use or not.
    Stream<Model> model(UUID id) {
      return Stream.concat(
              own.models.values().stream(), beneath.models.values().stream().map(Model::beneath))
          .filter(each -> each.id().equals(id));
    }

    Stream<Provider> provider(UUID id) {
      return Stream.concat(
              own.providers.values().stream(),
              beneath.providers.values().stream().map(Provider::beneath))
          .filter(each -> each.id().equals(id));
    }
  }

  private boolean inUse(Model model) {
    return model.active() && mayUse(model.name().provider());
  }

  /// Whether the tenant has not said that it does not use the provider.
  private boolean mayUse(String provider) {
    var known = providers.get(provider);
    return known == null || known.active();
  }
}
