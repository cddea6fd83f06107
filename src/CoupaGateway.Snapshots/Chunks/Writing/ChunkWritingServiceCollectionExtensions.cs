using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CoupaGateway.Snapshots.Chunks.Writing;

public static class ChunkWritingServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IChunkWriter"/>, with <see cref="ChunkWritingOptions"/> from their section of the configuration.</summary>
    public static IServiceCollection AddChunkWriting(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ChunkWritingOptions>().Bind(configuration.GetSection(ChunkWritingOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<IChunkWriter, ChunkWriter>();
        return services;
    }
}
