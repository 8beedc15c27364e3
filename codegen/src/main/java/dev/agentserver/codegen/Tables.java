package dev.agentserver.codegen;

import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.SchemaMappingType;
import org.jooq.meta.jaxb.Target;

/// Writes one class for each table of a live schema, and nothing else: rows become records of ours,
/// so jOOQ's records and POJOs would only be read past.
///
/// @param url the database, superuser included
/// @param schema the schema; generated statements do not name it, each role's search_path does
record Tables(String url, String schema) {
  /// @param names the tables, views and functions to write
  /// @param hidden the columns to leave out, as `table.column`
  void generate(String targetPackage, Path output, Set<String> names, Set<String> hidden)
      throws Exception {
    GenerationTool.generate(
        new Configuration()
            .withLogging(Logging.WARN)
            .withJdbc(new Jdbc().withDriver("org.postgresql.Driver").withUrl(url))
            .withGenerator(
                new Generator()
                    .withDatabase(database(names, hidden))
                    .withGenerate(parts())
                    .withTarget(
                        new Target()
                            .withPackageName(targetPackage)
                            .withDirectory(output.toString())
                            .withClean(true))));
  }

  private Database database(Set<String> names, Set<String> hidden) {
    return new Database()
        .withName("org.jooq.meta.postgres.PostgresDatabase")
        .withSchemata(
            new SchemaMappingType().withInputSchema(schema).withOutputSchemaToDefault(true))
        .withOutputCatalogToDefault(true)
        .withIncludes("(" + schema + "\\.)?(" + anyOf(names) + ")(\\.\\w+)?")
        .withExcludes(schema + "\\.(" + anyOf(hidden) + ")")
        .withIncludeExcludeColumns(true)
        .withIncludeSequences(false)
        .withIncludeUDTs(false)
        .withIncludeDomains(false);
  }

  private static String anyOf(Set<String> names) {
    return names.isEmpty()
        ? "(?!)"
        : names.stream().map(Pattern::quote).collect(Collectors.joining("|"));
  }

  private static Generate parts() {
    return new Generate()
        .withRecords(false)
        .withPojos(false)
        .withDaos(false)
        .withDeprecated(false)
        .withGeneratedAnnotation(false)
        .withGlobalCatalogReferences(false)
        .withGlobalSchemaReferences(false)
        .withImplicitJoinPathsToOne(false)
        .withImplicitJoinPathsToMany(false)
        .withImplicitJoinPathsManyToMany(false)
        .withIndexes(false)
        .withJavaTimeTypes(true);
  }
}
