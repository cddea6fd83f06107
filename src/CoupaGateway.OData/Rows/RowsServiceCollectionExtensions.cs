using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CoupaGateway.OData.Rows;

/// <summary>Registers the query engine and the row writer. Needs an <see cref="Snapshots.Chunks.IChunkCache"/>.</summary>
internal static class RowsServiceCollectionExtensions
{
    public static IServiceCollection AddRows(this IServiceCollection services)
    {
        services.AddOptions<QueryOptions>().BindConfiguration(QueryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DuckDbQueryEngine>();
        services.TryAddSingleton<IQueryEngine>(static provider => provider.GetRequiredService<DuckDbQueryEngine>());
        services.TryAddSingleton<IParquetExporter>(static provider => provider.GetRequiredService<DuckDbQueryEngine>());
        services.TryAddSingleton<IJsonRowsWriter>(static _ => new TalliedRowsWriter(new JsonRowsWriter()));
        return services;
    }
}
